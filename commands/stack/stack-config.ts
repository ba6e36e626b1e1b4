import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/**
 * Reads the file of a stack without Pulumi: for commands that need neither a stack nor a state.
 * @param file `Pulumi.STACK.yaml`
 * @returns keys with namespace and values as text, as Pulumi hands them to the program
 */
export async function stackConfig(file: string): Promise<Record<string, string>> {
  const { config = {} } = parse(await readFile(file, "utf8")) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
