import type { z } from "zod";
import { boundedJson } from "./bounded-json.ts";

/**
 * Parses JSON that comes from outside and holds it against a schema.
 * @param bytes UTF-8
 * @throws Error that names the first thing that is wrong: "is no JSON", "layers: Invalid input: expected array, received null". It quotes
 *   nothing of the bytes
 */
export function checkedJson<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  const { success, data, error } = schema.safeParse(parsed(bytes));
  if (success) {
    return data;
  }
  throw new Error(firstMistake(error));
}

/** The first thing that a schema found wrong, with its place. */
export function firstMistake({ issues }: z.ZodError): string {
  const [{ path, message } = { path: [], message: "is of another shape" }] = issues;
  return path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return boundedJson(bytes);
  } catch (error) {
    // The parser quotes what it cannot read.
    throw error instanceof SyntaxError ? new Error("is no JSON", { cause: error }) : error;
  }
}
