import type { Mistake } from "../../errors/configuration-error.ts";
import { inconsistencies } from "./consistency.ts";
import { longForm } from "./long-form.ts";
import { outlineOf } from "./outline.ts";
import type { Outline } from "./outline.ts";
import { writeKeyPath } from "../../formats/key-path.ts";
import { mistakesOf } from "../schema-mistakes.ts";
import { projectKeys, readProject, ReleaseSpec, unitKeys } from "./release-spec.ts";
import type { ReadProject } from "./release-spec.ts";
import { writtenPath } from "./written-path.ts";

/** A configuration, read. */
export interface ReadSpec {
  /** The whole, checked, defaults filled in; undefined where there are mistakes. */
  spec: ReadProject | undefined;
  /** What can be read in spite of mistakes. */
  outline: Outline;
  /** All that is wrong with the values; mistakes in the files they name are found by observe/. */
  mistakes: Mistake[];
  /** A place in the tree as the user wrote it: "image" or "images[0]" in the short form, "units[0].images[0]" in the long one. */
  pathOf: (path: readonly PropertyKey[]) => string;
}

/**
 * Reads the configuration of a stack. Throws nothing: what is wrong comes back as mistakes, all of them.
 * @param config what `pulumi.runtime.allConfig()` gives: keys with namespace, values as text
 * @param environment for `${NAME}` in values
 */
export function readSpec(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadSpec {
  const { value, mistakes, ...written } = longForm(config, environment);
  const pathOf = (path: readonly PropertyKey[]): string => writeKeyPath(writtenPath(path, written));
  const outline = outlineOf(value);
  if (mistakes.some((mistake) => mistake.path === "configuration")) {
    return { spec: undefined, outline, mistakes, pathOf };
  }

  const topKeys = written.short ? [...new Set(["image", ...projectKeys, ...unitKeys])] : projectKeys;
  const form = { schema: ReleaseSpec, topKeys, example: "`lockstep:image: ghcr.io/acme/app`" };
  const parsed = ReleaseSpec.safeParse(value);
  if (!parsed.success) {
    mistakes.push(...once(parsed.error.issues.flatMap((issue) => mistakesOf(issue, { value, pathOf, ...form }))));
  }
  mistakes.push(...inconsistencies(value, outline, pathOf));
  return {
    spec: parsed.success && mistakes.length === 0 ? readProject(parsed.data) : undefined,
    outline,
    mistakes,
    pathOf,
  };
}

/** What is wrong in a key that counts for the unit and for the chart set is one mistake. */
function once(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.filter(
    ({ path, reason }, index) => mistakes.findIndex((one) => one.path === path && one.reason === reason) === index,
  );
}
