import { posix } from "node:path";
import { readPathPattern } from "../helm/path-pattern.ts";
import type { PathPattern } from "../helm/path-pattern.ts";
import { trimSpace } from "../helm/printable-text.ts";

/** Which files of a chart's folder are not packaged. */
export interface IgnoreRules {
  /**
   * Whether a file or a folder, and then everything in it, is left out.
   * @param path below the chart's folder, with `/`
   */
  ignores(path: string, isFolder: boolean): boolean;
}

/** A line of .helmignore that cannot be used. */
export interface BadRule {
  /** Counted from 1. */
  line: number;
  pattern: string;
  reason: string;
}

interface Rule {
  /** `!x` leaves out everything that x does not match. */
  negated: boolean;
  onlyFolders: boolean;
  /** Whether the pattern is compared with the whole path; else with its last part. */
  wholePath: boolean;
  pattern: PathPattern;
}

/** helm adds this one to every chart. */
const builtIn = "templates/.?*";

/**
 * Reads .helmignore. Its rules are neither those of .gitignore nor those of .dockerignore: `!x` does not bring x back but leaves out
 * everything else, and `*` passes no slash. A pattern with a slash is compared with the whole path (one in front is dropped), any other with
 * the last part of it; a slash at its end means folders only. Lines that begin with `#` are comments.
 *
 * Malformed patterns, which helm accepts as long as no path gets near their fault, are refused: none ever matches, so that `![a` would
 * leave out the whole chart. Source: helm 4.3.1, pkg/ignore/rules.go.
 * @param text of .helmignore, without a byte order mark; empty if there is none
 */
export function readIgnoreRules(text: string): { rules: IgnoreRules; bad: BadRule[] } {
  const rules: Rule[] = [];
  const bad: BadRule[] = [];
  for (const [index, line] of [...text.split("\n"), builtIn].entries()) {
    const written = trimSpace(line);
    if (written === "" || written.startsWith("#")) {
      continue;
    }
    const rule = written.includes("**") ? "has `**`, which helm does not know" : readRule(written);
    if (typeof rule === "string") {
      bad.push({ line: index + 1, pattern: written, reason: rule });
    } else {
      rules.push(rule);
    }
  }
  return { rules: { ignores: (path, isFolder) => rules.some((rule) => leavesOut(rule, path, isFolder)) }, bad };
}

function readRule(written: string): Rule | string {
  const negated = written.startsWith("!");
  const text = negated ? written.slice(1) : written;
  const onlyFolders = text.endsWith("/");
  const place = onlyFolders ? text.slice(0, -1) : text;
  const pattern = readPathPattern(place.startsWith("/") ? place.slice(1) : place);
  return pattern
    ? { negated, onlyFolders, wholePath: place.includes("/"), pattern }
    : "is malformed: a bracket or a backslash is open, or a class is empty";
}

function leavesOut({ negated, onlyFolders, wholePath, pattern }: Rule, path: string, isFolder: boolean): boolean {
  const matches = (!onlyFolders || isFolder) && pattern.matches(wholePath ? path : posix.basename(path));
  return matches !== negated;
}
