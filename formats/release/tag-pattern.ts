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
  if (!tag.startsWith(before) || !tag.endsWith(after) || tag.length <= before.length + after.length) {
    return undefined;
  }
  const text = tag.slice(before.length, tag.length - after.length);
  return isVersion(text) ? text : undefined;
}

/** Whether a text is a semantic version, and nothing around it. */
export function isVersion(text: string): boolean {
  // parse() also takes a leading `v` and spaces around.
  return parse(text) !== null && /^\d\S*$/.test(text);
}

/** git check-ref-format(1), as far as a tag name made of one pattern and one version can break it. */
export function isGitRefName(name: string): boolean {
  return (
    !/[\s~^:?*[\\\u0000-\u001f\u007f]|\.\.|@\{|\/\/|\.$|\/$|^\/|^-|^@$/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

/** The pattern of a unit that names none: `v{version}` in a project with one unit, else `NAME-v{version}`. */
export function defaultTagPattern(unitCount: number, name: string | undefined): string {
  return unitCount > 1 && name !== undefined ? `${name}-v{version}` : "v{version}";
}

/**
 * Whether a tag may be of both patterns: then it would be two versions at once, as `v1.2.3-cli` is of `v{version}` and `v{version}-cli`.
 * That is so only where what one pattern has more in front can begin a version, and what one has more behind can end one. It is a little
 * stricter than need be for patterns with digits of their own (`v{version}` and `v1.{version}`).
 */
export function mayShareTag(one: string, other: string): boolean {
  const [[before = "", after = ""], [otherBefore = "", otherAfter = ""]] = [one.split(place), other.split(place)];
  const [front, back] = [moreInFront(before, otherBefore), moreBehind(after, otherAfter)];
  return front !== undefined && back !== undefined && /^(\d[\w.+-]*)?$/.test(front) && /^[\w.+-]*$/.test(back);
}

const place = "{version}";

function moreInFront(one: string, other: string): string | undefined {
  if (one.startsWith(other)) {
    return one.slice(other.length);
  }
  return other.startsWith(one) ? other.slice(one.length) : undefined;
}

function moreBehind(one: string, other: string): string | undefined {
  if (one.endsWith(other)) {
    return one.slice(0, one.length - other.length);
  }
  return other.endsWith(one) ? other.slice(0, other.length - one.length) : undefined;
}
