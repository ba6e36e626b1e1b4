import type { z } from "zod";
import { parseBoundedJson } from "./bounded-json.ts";

/**
 * Parses JSON from outside and checks it against a schema.
 * @param bytes UTF-8
 * @throws Error that names the first mistake: "is not JSON", "layers: Invalid input: expected array, received null". It never
 *   quotes the bytes
 */
export function parseCheckedJson<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  const { success, data, error } = schema.safeParse(parseJson(bytes));
  if (success) {
    return data;
  }
  throw new Error(describeFirstMistake(error));
}

/** Describes the first mistake that a schema found, with its path. */
export function describeFirstMistake({ issues }: z.ZodError): string {
  const [{ path, message } = { path: [], message: "has an unexpected shape" }] = issues;
  return path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseBoundedJson(bytes);
  } catch (error) {
    // The parser quotes what it cannot read.
    throw error instanceof SyntaxError ? new Error("is not JSON", { cause: error }) : error;
  }
}
