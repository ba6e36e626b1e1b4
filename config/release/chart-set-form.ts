import type { Mistake } from "../../errors/configuration-error.ts";

/** How a chart set was written. */
export interface ChartSetForm {
  /** `charts` is the path itself, a list of paths, or has keys of its own. */
  path: "text" | "list" | "keys";
  /** Keys that count for the set, and stand at the top level. */
  inherited: readonly string[];
}

/** Keys of the top level that a chart set has as well. */
export const sharedKeys: readonly string[] = ["license", "signing"];

/** Whether `charts` is a chart set. A list with anything but texts in it belongs to a unit. */
export function isChartSet(written: unknown): boolean {
  return Array.isArray(written)
    ? written.length > 0 && written.every((one) => typeof one === "string")
    : written !== undefined;
}

/**
 * Makes the long form of a chart set.
 * @param top the top level that it stands in, if keys there count for the set as well. Default: they do not
 */
export function longChartSet(
  written: unknown,
  top: Readonly<Record<string, unknown>> = {},
): { value: unknown; form: ChartSetForm } {
  if (written === null || (typeof written === "object" && !Array.isArray(written))) {
    const own = (written ?? {}) as Record<string, unknown>;
    const inherited = sharedKeys.filter((key) => !(key in own));
    return { value: { ...valuesOf(top, inherited), ...own }, form: { path: "keys", inherited } };
  }
  const path = Array.isArray(written) ? "list" : "text";
  return { value: { path: written, ...valuesOf(top, sharedKeys) }, form: { path, inherited: sharedKeys } };
}

/** Keys of the top level that count for nothing, because the chart set has its own, and there is no unit. */
export function unusedKeys(top: Readonly<Record<string, unknown>>, { inherited }: ChartSetForm): Mistake[] {
  return sharedKeys
    .filter((key) => key in top && !inherited.includes(key))
    .map((key) => ({
      path: key,
      value: top[key],
      reason: "counts for nothing: there is no unit, and the charts have their own",
      example: `\`${key}\` in one of the two places`,
    }));
}

function valuesOf(top: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (key in top ? [[key, top[key]]] : [])));
}
