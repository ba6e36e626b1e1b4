import { dynamicProvider } from "../../../providers/all-providers.ts";
import type { Properties } from "../../../providers/host/dynamic-provider.ts";

/** A resource's properties without what every resource carries. */
export type PlainProperties = Record<string, unknown>;

/**
 * Calls a provider as Pulumi's dynamic host does: every value crosses the wire as JSON, `__provider` and the kind stand among the
 * properties, and what is created, updated or read is what the next call is given.
 */
export function engineHost(kind: string) {
  const carried = (properties: PlainProperties): Properties =>
    overTheWire({ __provider: "loader", ...properties, kind });
  return {
    check: async (news: PlainProperties, olds: PlainProperties = {}) =>
      overTheWire(await dynamicProvider.check(carried(olds), carried(news))),
    diff: async (olds: PlainProperties, news: PlainProperties) =>
      overTheWire(await dynamicProvider.diff("id", carried(olds), carried(news))),
    create: async (inputs: PlainProperties) => overTheWire(await dynamicProvider.create(carried(inputs))),
    update: async (olds: PlainProperties, news: PlainProperties) =>
      overTheWire(await dynamicProvider.update("id", carried(olds), carried(news))),
    read: async (state: PlainProperties) => overTheWire(await dynamicProvider.read("id", carried(state))),
    delete: (state: PlainProperties) => dynamicProvider.delete("id", carried(state)),
  };
}

/** gRPC Structs know what JSON knows: undefined is left out. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
