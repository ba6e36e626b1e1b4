import { execa } from "execa";
import type { SigningPolicy } from "../formats/signing-policy.ts";
import type { StackRun } from "./stack-run.ts";

interface ReleasedOutputs {
  version: string;
  revision: string;
  gitTag: string;
  artifacts: Record<string, { digest: string; how: string; reference: string }>;
  release: string;
  signing: SigningPolicy;
  leftOut: string[];
}

/** What is public after a run, and commands to look at it; read from the stack's outputs. */
export async function summary({ stack, environment }: StackRun): Promise<string> {
  const { stdout } = await execa("pulumi", ["stack", "output", "units", "--json", "--stack", stack], {
    env: environment,
  });
  return summaryText(JSON.parse(stdout) as Record<string, ReleasedOutputs>);
}

/**
 * The summary as text.
 * @param units the stack output `units`
 */
export function summaryText(units: Record<string, ReleasedOutputs>): string {
  return Object.entries(units)
    .flatMap(([unit, { version, revision, gitTag, artifacts, release, signing, leftOut }]) => [
      "",
      `${unit} ${version} is released`,
      ...table([
        ...Object.entries(artifacts).map(([name, { reference, how }]) => [name, `${reference}  (${how})`]),
        ["git tag", `${gitTag} at ${revision}`],
        ["Release", release],
        ["signed", signing === "off" ? "no (`signing: off`)" : `by ${signing.workflow} at ${signing.refs}`],
        ...leftOut.map((what) => ["left out", what]),
      ]),
      "  look at it:",
      ...Object.values(artifacts).map(({ reference }) => `    docker buildx imagetools inspect ${byDigest(reference)}`),
      `    in a browser: ${release}`,
    ])
    .join("\n");
}

function table(rows: string[][]): string[] {
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return rows.map(([name = "", value = ""]) => `  ${name.padEnd(width)}  ${value}`);
}

/** `repository:tag@digest` without its tag: what is looked at is then what was released, whatever the tag says. */
function byDigest(reference: string): string {
  return reference.replace(/:[^:/@]+@/, "@");
}
