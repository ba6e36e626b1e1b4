import type { Mistake } from "../../errors/configuration-error.ts";
import { configTree } from "../config-tree.ts";
import { isChartSet, longChartSet, sharedKeys, unusedKeys } from "./chart-set-form.ts";
import type { ChartSetForm } from "./chart-set-form.ts";
import { projectKeys, unitKeys } from "./release-spec.ts";

/** The configuration as a tree, before it is checked, and how its short form maps to the long one. */
export interface LongForm {
  value: Record<string, unknown>;
  /** True where the user wrote one unit at the top level, so that paths in messages leave out `units[0].`. */
  short: boolean;
  /** How the user wrote the one image: `image` as text or with keys of its own, undefined where there is no `image`. */
  image: "text" | "keys" | undefined;
  /** How the user wrote the chart set; undefined where there is none. */
  set: ChartSetForm | undefined;
  mistakes: Mistake[];
}

/**
 * Makes the long form of what Pulumi hands to the program.
 *
 * - `image: ghcr.io/acme/app` is short for `images: [{repository: ghcr.io/acme/app}]`;
 * - keys of a unit at the top level are short for a list of one unit; `charts` is such a key if it is a list of more than paths;
 * - else `charts` is a chart set: `charts/*` and a list of paths are short for one with that `path`. In the short form the `signing` and
 *   the `license` of the top level count for the set as well, unless it has its own.
 *
 * @param config keys with namespace ("lockstep:units") and values as text
 * @param environment environment variables
 */
export function longForm(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): LongForm {
  const { tree: top, mistakes } = configTree(config, environment);
  if (Object.keys(top).length === 0) {
    mistakes.push({
      path: "configuration",
      reason: "is empty: no key of `lockstep:` is set for this stack",
      example: "`lockstep:repository: acme/widgets` and `lockstep:image: ghcr.io/acme/widgets` in the stack's file",
    });
  }
  if ("units" in top) {
    const mixed = mixedForms(top);
    const value = Object.fromEntries(Object.entries(top).filter(([key]) => !mixed.some(({ path }) => path === key)));
    const set = "charts" in value ? longChartSet(value["charts"]) : undefined;
    return {
      value: set ? { ...value, charts: set.value } : value,
      short: false,
      image: undefined,
      set: set?.form,
      mistakes: [...mistakes, ...mixed],
    };
  }

  const { image, ...rest } = top;
  const set = isChartSet(rest["charts"]) ? longChartSet(rest["charts"], rest) : undefined;
  const isOfUnit = (key: string): boolean => unitKeys.includes(key) && !(set && key === "charts");
  const project = Object.fromEntries(Object.entries(rest).filter(([key]) => !isOfUnit(key)));
  const unit = Object.fromEntries(Object.entries(rest).filter(([key]) => isOfUnit(key)));
  const short = true;
  if (set) {
    project["charts"] = set.value;
    if (image === undefined && Object.keys(unit).every((key) => sharedKeys.includes(key))) {
      mistakes.push(...unusedKeys(top, set.form));
      return { value: { ...project, units: [] }, short, image, set: set.form, mistakes };
    }
  }
  const form = { short, set: set?.form, mistakes };
  if (image !== undefined && !("images" in unit)) {
    unit["images"] = [typeof image === "object" ? image : { repository: image }];
    return { value: { ...project, units: [unit] }, image: typeof image === "object" ? "keys" : "text", ...form };
  }
  if (image !== undefined) {
    mistakes.push({ path: "image", value: image, reason: "stands beside `images`", example: "only one of the two" });
  }
  return { value: { ...project, units: [unit] }, image: undefined, ...form };
}

function mixedForms(top: Record<string, unknown>): Mistake[] {
  return ["image", ...unitKeys]
    .filter((key) => key in top && (key === "charts" ? !isChartSet(top[key]) : !projectKeys.includes(key)))
    .map((key) => ({
      path: key,
      value: top[key],
      reason: "belongs to a unit, but the stack has a list of `units`",
      example: `\`${key}\` inside one of the units`,
    }));
}
