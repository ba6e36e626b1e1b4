import { parse } from "semver";

/** Makes a git tag's name for a version: `v{version}` and 1.2.3 make `v1.2.3`. */
export function tagName(pattern: string, version: string): string {
  return pattern.replace("{version}", version);
}

/**
 * The version in a tag's name, unchanged (it may have build metadata, which cannot be released).
 * @returns undefined if the name does not match the pattern, or has no semantic version at that place (`v1`, `v1.2-rc`)
 */
export function versionIn(pattern: string, tag: string): string | undefined {
  const [before = "", after = ""] = pattern.split("{version}");
  if (!tag.startsWith(before) || !tag.endsWith(after) || tag.length <= before.length + after.length) {
    return undefined;
  }
  const text = tag.slice(before.length, tag.length - after.length);
  return isVersion(text) ? text : undefined;
}

/** Whether a text is a semantic version, and nothing around it. */
export function isVersion(text: string): boolean {
  // parse() also accepts a leading `v` and spaces around it.
  return parse(text) !== null && /^\d\S*$/.test(text);
}

/** git check-ref-format(1), as far as a tag name made of one pattern and one version can break it. */
export function isGitRefName(name: string): boolean {
  return (
    !/[\s~^:?*[\\\u0000-\u001f\u007f]|\.\.|@\{|\/\/|\.$|\/$|^\/|^-|^@$/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

/** The pattern of a unit that sets none: `v{version}` in a project with one unit, else `NAME-v{version}`. */
export function defaultTagPattern(unitCount: number, name: string | undefined): string {
  return unitCount > 1 && name !== undefined ? `${name}-v{version}` : "v{version}";
}

/**
 * Whether a tag may match both patterns. It would then be two versions at once, as `v1.2.3-cli` matches `v{version}` and `v{version}-cli`.
 * That is possible only if the extra text in front can begin a version, and the extra text at the end can end one. The check is a little
 * too strict for patterns that contain digits (`v{version}` and `v1.{version}`).
 */
export function mayShareTag(one: string, other: string): boolean {
  const [[before = "", after = ""], [otherBefore = "", otherAfter = ""]] = [one.split(place), other.split(place)];
  const [front, back] = [findExtraPrefix(before, otherBefore), findExtraSuffix(after, otherAfter)];
  return front !== undefined && back !== undefined && versionFront.test(front) && /^[\w.+-]*$/.test(back);
}

const place = "{version}";

/** What a version can begin with: `1`, `1.2.` and `1.2.3-rc` can, `6-` of `redis-6-{version}` cannot. */
const versionFront = /^(\d+(\.(\d+(\.(\d+([-+][\w.+-]*)?)?)?)?)?)?$/;

function findExtraPrefix(one: string, other: string): string | undefined {
  if (one.startsWith(other)) {
    return one.slice(other.length);
  }
  return other.startsWith(one) ? other.slice(one.length) : undefined;
}

function findExtraSuffix(one: string, other: string): string | undefined {
  if (one.endsWith(other)) {
    return one.slice(0, one.length - other.length);
  }
  return other.endsWith(one) ? other.slice(0, other.length - one.length) : undefined;
}
