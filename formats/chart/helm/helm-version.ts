import { parse } from "semver";
import type { SemVer } from "semver";

const identifier = "[0-9A-Za-z-]+";
const loose = new RegExp(
  `^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(-${identifier}(?:\\.${identifier})*)?(\\+${identifier}(?:\\.${identifier})*)?$`,
);

/**
 * Reads a version as helm does: `v1.02` is 1.2.0. Source: Masterminds/semver 3.5, NewVersion.
 * @returns undefined if it is none, or has a number above 2^53
 */
export function readVersion(text: string): SemVer | undefined {
  const [, major, minor = "0", patch = "0", prerelease = "", build = ""] = loose.exec(text) ?? [];
  if (major === undefined) {
    return undefined;
  }
  const numbers = [major, minor, patch].map((part) => part.replace(/^0+(?=\d)/, ""));
  return parse(`${numbers.join(".")}${prerelease}${build}`) ?? undefined;
}

/** Whether a text is a complete semantic version. helm finds only these among the tags of a registry: no `v1.2.3`, no `1.2`. */
export function isCompleteVersion(text: string): boolean {
  // parse() also accepts a leading `v` and spaces around it.
  return /^\d\S*$/.test(text) && parse(text) !== null;
}
