import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { DynamicProvider, Properties } from "../../../providers/host/dynamic-provider.ts";
import { currentContext, runAs } from "../machine/processes.ts";
import { build } from "./builder.ts";
import { buildType } from "./simulated-graph.ts";
import type { BuildInputs } from "./simulated-graph.ts";
import type { Lane, ResourceState } from "./lane.ts";

const { withLocalStorage } = createRequire(import.meta.url)("@pulumi/pulumi/runtime/state.js") as {
  withLocalStorage<T>(work: () => T): T;
};

/** What an engine is told while a program runs. */
export interface Engine {
  /** Provider calls that are not over. */
  active: number;
  /** Errors of providers; what depends on a failed resource never begins. */
  failures: unknown[];
}

/**
 * Runs a program with an engine of the simulation behind it: the real Pulumi SDK decides what waits for what, and each resource is made by
 * its real provider. A resource in the lane's state is read first, as `refresh: always` does, and updated only if its inputs differ.
 */
export function runEngine<T>(
  engine: Engine,
  lane: Lane,
  providers: DynamicProvider,
  program: () => Promise<T>,
): Promise<T> {
  return withLocalStorage(async () => {
    const { process } = currentContext();
    const mocks: pulumi.runtime.Mocks = {
      async newResource({ type, name, inputs }) {
        if (!type.startsWith("pulumi-nodejs:dynamic/") && type !== buildType) {
          return { id: name, state: {} };
        }
        engine.active += 1;
        try {
          return await runAs({ process, step: name }, async () => {
            const made =
              type === buildType
                ? await makeBuild(lane, name, inputs as BuildInputs, process.name)
                : await makeResource(lane, providers, name, inputs as Properties);
            if (!process.dead) {
              lane.state.resources.set(name, made);
            }
            return { id: made.id, state: made.properties };
          });
        } catch (error) {
          engine.failures.push(error);
          return new Promise<never>(() => {});
        } finally {
          engine.active -= 1;
        }
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "lockstep", lane.name, false, "organization");
    return program();
  });
}

async function makeBuild(lane: Lane, name: string, inputs: BuildInputs, nonce: string): Promise<ResourceState> {
  const before = lane.state.resources.get(name);
  return before ?? { id: name, properties: { ...inputs, digest: await build(inputs, lane.reproducible ? "" : nonce) } };
}

async function makeResource(
  lane: Lane,
  providers: DynamicProvider,
  name: string,
  news: Properties,
): Promise<ResourceState> {
  const inputs = overTheWire(news);
  const before = lane.state.resources.get(name);
  const create = async (): Promise<ResourceState> => {
    const { id, outs } = await providers.create(inputs);
    return { id, properties: overTheWire({ __provider: inputs["__provider"], ...outs }) };
  };
  if (before === undefined) {
    return create();
  }
  const read = await providers.read(before.id, before.properties as Properties);
  if (read.id === undefined || read.props === undefined) {
    return create();
  }
  const found = overTheWire({ __provider: inputs["__provider"], ...read.props }) as Properties;
  const { replaces, changes } = await providers.diff(before.id, found, inputs);
  if (replaces !== undefined) {
    return create();
  }
  const same = Object.entries(inputs).every(([key, value]) => isDeepStrictEqual(found[key], value));
  if (same || changes === false) {
    return { id: before.id, properties: found };
  }
  const { outs } = await providers.update(before.id, found, inputs);
  return { id: before.id, properties: overTheWire({ __provider: inputs["__provider"], ...outs }) };
}

/** gRPC's structs know what JSON knows: undefined is left out. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
