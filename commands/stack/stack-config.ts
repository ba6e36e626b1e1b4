import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** The options that name a stack and its configuration. */
interface StackOptions {
  stack: string | undefined;
  "config-file": string | undefined;
}

/** The configuration file of a stack that has a default. */
export function configFileOf(values: StackOptions & { stack: string }): string;
/** The configuration file that `--stack` or `--config-file` names; undefined if neither is there. */
export function configFileOf(values: StackOptions): string | undefined;
/** The configuration file that `--stack` or `--config-file` names. */
export function configFileOf({ stack, "config-file": file }: StackOptions): string | undefined {
  return file ?? (stack === undefined ? undefined : `Pulumi.${stack}.yaml`);
}

/**
 * Reads the file of a stack without Pulumi, for commands that need neither a stack nor a state.
 * @param file `Pulumi.STACK.yaml`
 * @returns keys with namespace, and values as text: what Pulumi passes to the program
 */
export async function readStackConfig(file: string): Promise<Record<string, string>> {
  const { config = {} } = parse(await readFile(file, "utf8")) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
