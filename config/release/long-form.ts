import type { Mistake } from "../../errors/configuration-error.ts";
import { configTree } from "../config-tree.ts";
import { projectKeys, unitKeys } from "./release-spec.ts";

/** The configuration as a tree, before it is checked, and how its short form maps to the long one. */
export interface LongForm {
  value: Record<string, unknown>;
  /** True where the user wrote one unit at the top level, so that paths in messages leave out `units[0].`. */
  short: boolean;
  /** How the user wrote the one image: `image` as text or with keys of its own, undefined where there is no `image`. */
  image: "text" | "keys" | undefined;
  mistakes: Mistake[];
}

/**
 * Makes the long form of what Pulumi hands to the program.
 *
 * - `image: ghcr.io/acme/app` is short for `images: [{repository: ghcr.io/acme/app}]`;
 * - keys of a unit at the top level are short for a list of one unit.
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
  const short = !("units" in top);
  if (!short) {
    const mixed = mixedForms(top);
    const value = Object.fromEntries(Object.entries(top).filter(([key]) => !mixed.some(({ path }) => path === key)));
    return { value, short, image: undefined, mistakes: [...mistakes, ...mixed] };
  }

  const { image, ...rest } = top;
  const project = Object.fromEntries(Object.entries(rest).filter(([key]) => !unitKeys.includes(key)));
  const unit = Object.fromEntries(Object.entries(rest).filter(([key]) => unitKeys.includes(key)));
  if (image !== undefined && !("images" in unit)) {
    unit["images"] = [typeof image === "object" ? image : { repository: image }];
    return {
      value: { ...project, units: [unit] },
      short,
      image: typeof image === "object" ? "keys" : "text",
      mistakes,
    };
  }
  if (image !== undefined) {
    mistakes.push({ path: "image", value: image, reason: "stands beside `images`", example: "only one of the two" });
  }
  return { value: { ...project, units: [unit] }, short, image: undefined, mistakes };
}

function mixedForms(top: Record<string, unknown>): Mistake[] {
  return ["image", ...unitKeys]
    .filter((key) => key in top && !projectKeys.includes(key))
    .map((key) => ({
      path: key,
      value: top[key],
      reason: "belongs to a unit, but the stack has a list of `units`",
      example: `\`${key}\` inside one of the units`,
    }));
}
