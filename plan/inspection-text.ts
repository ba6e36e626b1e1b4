import type { Finding, Outcome } from "../observe/published/finding.ts";

const words: Readonly<Record<Outcome, string>> = { kept: "kept  ", broken: "BROKEN" };

/**
 * What is said of an inspected Release: a line with the sum, and one for each finding.
 * @param title `app 1.2.3`
 */
export function inspectionText(title: string, findings: readonly Finding[]): string {
  const broken = findings.filter(({ outcome }) => outcome === "broken").length;
  const promises = findings.length;
  const width = Math.max(...findings.map(({ promise }) => promise.length));
  const rows = findings.map(({ promise, outcome, found }) => `  ${words[outcome]}  ${promise.padEnd(width)}  ${found}`);
  const sum = broken === 0 ? `all ${promises} promises are kept` : `${broken} of ${promises} promises are broken`;
  return [`${title}: ${sum}`, ...rows].join("\n");
}
