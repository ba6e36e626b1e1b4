import type { Finding, Outcome } from "../../observe/published/inspection/finding.ts";

const words: Readonly<Record<Outcome, string>> = { kept: "kept", differs: "differs", broken: "BROKEN" };

/**
 * What is said of an inspected Release: a line with the sum, and one for each finding.
 * @param title `app 1.2.3`
 * @param signed whether the configuration asks for signatures: without them the first line says what the answer is worth
 */
export function inspectionText(title: string, findings: readonly Finding[], signed: boolean): string {
  const count = (outcome: Outcome): number => findings.filter((one) => one.outcome === outcome).length;
  const [broken, different] = [count("broken"), count("differs")];
  const promises = findings.length - different;
  const width = Math.max(...findings.map(({ promise }) => promise.length));
  const rows = findings.map(
    ({ promise, outcome, found }) => `  ${words[outcome].padEnd(7)}  ${promise.padEnd(width)}  ${found}`,
  );
  const sum = broken === 0 ? `all ${promises} promises are kept` : `${broken} of ${promises} promises are broken`;
  const more = different === 0 ? "" : `; ${different} more to look at`;
  const worth = signed ? "" : "nothing here is signed, so this is the Release's own word; ";
  return [`${title}: ${worth}${sum}${more}`, ...rows].join("\n");
}
