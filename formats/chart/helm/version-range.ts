import { compare } from "semver";
import type { SemVer } from "semver";
import { readVersion } from "./helm-version.ts";

const wanted =
  "v?([0-9|x|X|*]+)(\\.[0-9|x|X|*]+)?(\\.[0-9|x|X|*]+)?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
const operator = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
const hyphenated = new RegExp(` ?(${wanted}) - (${wanted}) ?`, "g");
const single = new RegExp(`(${operator}) ?(?:${wanted})`, "g");
const conjunction = new RegExp(`^ ?(?:${operator}) ?(?:${wanted}) ?(?:(?: |, ?)(?:${operator}) ?(?:${wanted}) ?)*$`);

/** One condition of a range: `>= 1.2`. */
interface Condition {
  operator: string;
  version: SemVer;
  /** Which part is the first that is missing or `x`; undefined if the version is complete. */
  open: "major" | "minor" | "patch" | undefined;
}

/** A range of versions, such as `^1.2` or `>=1.0.0, <2.0.0 || 3.x`. */
export interface VersionRange {
  contains(version: SemVer): boolean;
}

/**
 * Reads a range as helm does. It differs from npm's: commas join, `!=` is known, `~0.0.0` contains everything above it, and one pre-release
 * in a range opens all of it for pre-releases. Source: Masterminds/semver 3.5, constraints.go.
 * @returns undefined if helm would refuse it ("improper constraint")
 */
export function readVersionRange(text: string): VersionRange | undefined {
  if (Buffer.byteLength(text) > 512) {
    return undefined;
  }
  // One space at most, so that there is but one way to read a gap: the expressions below would try all.
  const rewritten = text.replace(/[\t\n\f\r ]+/g, " ").replace(hyphenated, ">= $1, <= $6 ");
  const alternatives = rewritten.replaceAll(/ +/g, " ").split("||").map(readConjunction);
  if (alternatives.length > 32 || alternatives.includes(undefined)) {
    return undefined;
  }
  return { contains: (version) => alternatives.some((conditions = []) => meetsAll(version, conditions)) };
}

function readConjunction(text: string): Condition[] | undefined {
  if (!conjunction.test(text)) {
    return undefined;
  }
  const conditions = [...text.matchAll(single)].map(([, sign = "", ...parts]) => readCondition(sign, parts));
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function readCondition(
  sign: string,
  [major, minor, patch, prerelease = ""]: readonly (string | undefined)[],
): Condition | undefined {
  const numbers = [major, minor?.slice(1), patch?.slice(1)];
  const first = numbers.findIndex(isAny);
  const known = first === -1 ? numbers : numbers.slice(0, first);
  const version = readVersion(`${[...known, "0", "0", "0"].slice(0, 3).join(".")}${prerelease}`);
  return version && { operator: sign, version, open: ([undefined, "major", "minor", "patch"] as const)[first + 1] };
}

function isAny(part: string | undefined): boolean {
  return part === undefined || /^[xX*]$/.test(part);
}

function meetsAll(version: SemVer, conditions: readonly Condition[]): boolean {
  const allowsPrereleases = conditions.some((condition) => condition.version.prerelease.length > 0);
  return (
    (version.prerelease.length === 0 || allowsPrereleases) && conditions.every((condition) => meets(version, condition))
  );
}

function meets(version: SemVer, condition: Condition): boolean {
  const order = compare(version, condition.version);
  const { open } = condition;
  switch (condition.operator) {
    case "!=":
      return differs(version, condition);
    case ">":
      return order > 0 && (open === undefined || open === "major" || !isInSameLine(version, condition));
    case "<":
      return order < 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<=":
    case "=<":
      return order <= 0 || (open !== undefined && isInSameLine(version, condition));
    case "^":
      return order >= 0 && isCompatible(version, condition);
    case "~":
    case "~>":
      return order >= 0 && isClose(version, condition);
    default:
      return open === undefined ? order === 0 : order >= 0 && isClose(version, condition);
  }
}

/** Whether the parts that a condition names are a version's own: the first alone if its second is open, else the first two. */
function isInSameLine({ major, minor }: SemVer, { version, open }: Condition): boolean {
  return major === version.major && (minor === version.minor || open === "minor");
}

function differs(version: SemVer, condition: Condition): boolean {
  if (condition.open === undefined || condition.open === "major") {
    return compare(version, condition.version) !== 0;
  }
  const isOther = condition.open === "patch" && version.comparePre(condition.version) !== 0;
  return isOther || !isInSameLine(version, condition);
}

function isClose(version: SemVer, condition: Condition): boolean {
  const { major, minor, patch } = condition.version;
  const isZero = major === 0 && minor === 0 && patch === 0 && condition.open !== "minor" && condition.open !== "patch";
  return isZero || isInSameLine(version, condition);
}

function isCompatible({ major, minor, patch }: SemVer, { version, open }: Condition): boolean {
  if (version.major > 0 || open === "minor") {
    return major === version.major;
  }
  if (version.minor > 0 || open === "patch") {
    return major === 0 && minor === version.minor;
  }
  return major === 0 && minor === 0 && patch === version.patch;
}
