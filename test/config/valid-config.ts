import { readSpec } from "../../config/release/read-spec.ts";
import type { ReadSpec } from "../../config/release/read-spec.ts";

/** The smallest short form without mistakes. */
export const shortConfig: Readonly<Record<string, string>> = {
  "lockstep:repository": "acme/widgets",
  "lockstep:image": "ghcr.io/acme/widgets",
  "lockstep:signing": "off",
};

/** One unit of a long form, without mistakes. */
export const appUnit = { name: "app", images: [{ repository: "ghcr.io/acme/app" }], signing: "off" };

/** Reads a long form: `units` as JSON, as Pulumi hands structured values over. */
export function readUnits(...units: unknown[]): ReadSpec {
  return readSpec({ "lockstep:repository": "acme/widgets", "lockstep:units": JSON.stringify(units) }, {});
}

/** Reads the short form with some keys set otherwise; texts as they are, all else as JSON. `undefined` takes a key out. */
export function readShort(keys: Record<string, unknown>): ReadSpec {
  const config: Record<string, string> = { ...shortConfig };
  for (const [key, value] of Object.entries(keys)) {
    if (value === undefined) {
      delete config[`lockstep:${key}`];
    } else {
      config[`lockstep:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
    }
  }
  return readSpec(config, {});
}

/** The mistakes as "path: reason". */
export function told(read: ReadSpec): string[] {
  return read.mistakes.map(({ path, reason }) => `${path}: ${reason}`);
}
