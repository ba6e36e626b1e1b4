import type { HelmAnswer } from "./helm.ts";

/** What `helm lint` found in a chart. */
export interface LintReport {
  /** Each in one line; empty if the chart passed. */
  errors: string[];
  warnings: string[];
}

/** In characters: a schema's complaints have a line for each value. */
const longest = 400;

/**
 * Reads the report of `helm lint --quiet` on one chart. If helm failed without naming an error there, its own error counts.
 * Source: helm 4.3.1, pkg/cmd/lint.go and pkg/chart/v2/lint/support/message.go.
 * @param folder that helm has for itself: it is removed from the messages
 */
export function readLintReport({ isDone, stdout, stderr }: HelmAnswer, folder: string): LintReport {
  // A message ends where the next one begins, or the summary. It may have several lines, also empty ones.
  const messages = stdout
    .replace(/^\d+ chart\(s\) linted.*$/m, "")
    .split(/^(?=\[(?:INFO|WARNING|ERROR)\] |Error )/m)
    .map((message) => message.trim());
  const ofKind = (kind: RegExp): string[] =>
    messages.filter((message) => kind.test(message)).map((message) => shorten(message.replace(kind, ""), folder));
  const errors = ofKind(/^(?:\[ERROR\]|Error) /);
  return {
    errors: isDone || errors.length > 0 ? errors : [readFailure(stderr, folder)],
    warnings: ofKind(/^\[WARNING\] /),
  };
}

/**
 * Finds why a command of helm failed, in one line: the lines of its log and its advice are left out.
 * @param folder as in readLintReport()
 */
export function readFailure(stderr: string, folder: string): string {
  const words = stderr
    .replace(/^level=.*$/gm, "")
    .replace(/^Use --debug flag .*$/m, "")
    .replace(/^\s*Error: /, "");
  return shorten(words, folder) || "it failed, and does not say why";
}

function shorten(words: string, folder: string): string {
  const text = words
    .replaceAll(`${folder}/`, "")
    // Where helm unpacks a chart to lint it.
    .replace(/(?:tmp\/)?helm-lint\d+\//g, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
