import { parse } from "semver";

/** A git tag's name for a version: `v{version}` and 1.2.3 make `v1.2.3`. */
export function tagName(pattern: string, version: string): string {
  return pattern.replace("{version}", version);
}

/**
 * The version in a tag's name, as it stands there (it may have build metadata, which nobody may release).
 * @returns undefined where the name is not of the pattern, or what stands in the version's place is no semantic version (`v1`, `v1.2-rc`)
 */
export function versionIn(pattern: string, tag: string): string | undefined {
  const [before = "", after = ""] = pattern.split("{version}");
  if (!tag.startsWith(before) || !tag.endsWith(after) || tag.length <= before.length + after.length) return undefined;
  const text = tag.slice(before.length, tag.length - after.length);
  // parse() also takes a leading `v` and spaces around.
  return parse(text) !== null && /^\d\S*$/.test(text) ? text : undefined;
}
