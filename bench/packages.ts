import { packagesPolicyProvider } from "../providers/organization/packages-policy.ts";
import { temporarySandbox } from "../test/sandbox/temporary-sandbox.ts";
import { median, table, timed } from "./table.ts";

const sizes = [100, 1000, 5000];
const rounds = 3;

/**
 * Measures the comparison of all packages of an organization with rules: calls to GitHub and time, for organizations of different sizes.
 * Each is compared a first time, and again without changes.
 * @returns a table and a picture in Markdown
 */
export async function packages(): Promise<string> {
  const rows: { size: number; calls: number; first: number; again: number; unchanged: number }[] = [];
  const { sandbox, forget } = await temporarySandbox();
  try {
    Object.assign(process.env, sandbox.environment);
    for (const size of sizes) {
      const looks = { first: [] as number[], again: [] as number[] };
      let calls = 0;
      let unchanged = 0;
      for (let round = 0; round < rounds; round++) {
        const organization = `org-${size}-${round}`;
        await sandbox.github.packages.setOwner(organization, { type: "organization" });
        const names = Array.from({ length: size }, (_, at) => ({ name: `${organization}/app-${at}` }));
        await sandbox.github.packages.seed(names);
        const inputs = {
          organization,
          rules: [{ match: "*", visibility: "private" as const }],
          exceptions: [],
          verdict: "",
        };
        const mark = sandbox.journal.mark();
        looks.first.push(await timed(() => packagesPolicyProvider.read(inputs, {})));
        const middle = sandbox.journal.mark();
        calls = sandbox.journal.since(mark).length;
        looks.again.push(await timed(() => packagesPolicyProvider.read(inputs, {})));
        unchanged = sandbox.journal.since(middle).filter(({ status }) => status === 304).length;
      }
      rows.push({ size, calls, unchanged, first: median(looks.first), again: median(looks.again) });
    }
    return report(rows);
  } finally {
    await forget();
  }
}

function report(
  rows: readonly { size: number; calls: number; first: number; again: number; unchanged: number }[],
): string {
  return [
    `All packages of an organization compared with rules, medians of ${rounds}. Calls grow with pages of 100; unchanged pages are answered 304 and do not count toward the rate limit.`,
    "",
    table(
      ["packages", "GitHub calls", "ms", "ms again", "of those calls 304"],
      rows.map(({ size, calls, first, again, unchanged }) => [size, calls, first, again, unchanged]),
    ),
    "",
    "```mermaid",
    "xychart-beta",
    '  title "GitHub calls by packages"',
    `  x-axis [${rows.map(({ size }) => size).join(", ")}]`,
    '  y-axis "calls"',
    `  bar [${rows.map(({ calls }) => calls).join(", ")}]`,
    "```",
  ].join("\n");
}
