import type { z } from "zod";
import { writeKeyPath } from "../key-path.ts";

/** Something in the files of a chart that keeps it from being released. */
export interface ChartMistake {
  /** Its place in the chart's folder: `Chart.yaml: dependencies[0].version`, `files/link`. */
  path: string;
  /** The value at that place; undefined if it is missing, or if the place is a file. */
  value?: unknown;
  /** Why it cannot be used. */
  reason: string;
  /** A value or a command that would do. */
  example: string;
}

/**
 * Words what a schema found in one file.
 * @param file path of the file in the chart's folder
 * @param tree what the file has
 * @param examples by the first key of a place, what could stand there
 */
export function wordIssues(
  file: string,
  tree: unknown,
  { issues }: z.core.$ZodError,
  examples: Readonly<Record<string, string>>,
): ChartMistake[] {
  return issues.map(({ path, message }) => ({
    path: placeIn(file, path),
    value: valueAt(tree, path),
    reason: message,
    example: examples[String(path[0])] ?? "what the file of another chart has there",
  }));
}

/** The place of a key in a file of a chart: `Chart.yaml: dependencies[0].version`. */
export function placeIn(file: string, path: readonly PropertyKey[]): string {
  return path.length === 0 ? file : `${file}: ${writeKeyPath(path)}`;
}

/** The value to show for a place. Integers of YAML are bigints, which JSON does not know. */
function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  const value = path.reduce<unknown>(
    (inner, key) => (isTree(inner) ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    tree,
  );
  return typeof value === "bigint" ? Number(value) : isTree(value) ? undefined : value;
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
