import { createHash } from "node:crypto";
import { withoutMark } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";

/**
 * Hashes the files of a chart, as they are in its package: without a byte order mark.
 * @returns sha256 of each, hex, by its path
 */
export function hashFiles(files: readonly ChartFile[]): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, bytes }) => [path, createHash("sha256").update(withoutMark(bytes)).digest("hex")]),
  );
}
