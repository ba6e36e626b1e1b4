import type { LongForm } from "./long-form.ts";

/**
 * A place in the long form as the user wrote it.
 * @param path in the long form
 */
export function writtenPath(
  path: readonly PropertyKey[],
  { short, image, set }: Pick<LongForm, "short" | "image" | "set">,
): readonly PropertyKey[] {
  const [first, key] = path;
  if (first === "charts" && set !== undefined) {
    if (short && set.inherited.includes(String(key))) {
      return path.slice(1);
    }
    return set.path !== "keys" && key === "path" ? ["charts", ...path.slice(2)] : path;
  }
  const inUnit = short && first === "units" ? path.slice(2) : path;
  if (image === undefined || inUnit[0] !== "images") {
    return inUnit;
  }
  const inImage = inUnit.slice(2);
  return image === "text" && inImage[0] === "repository" ? ["image"] : ["image", ...inImage];
}
