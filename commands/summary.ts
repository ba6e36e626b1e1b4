import { resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { sameRepository, sourceRepository } from "../formats/signing/signing-policy.ts";
import {
  artifactCommands,
  checksumCommand,
  fileCommand,
  inspectCommand,
} from "../formats/release/verification-commands.ts";
import { checksumsName } from "../formats/release/checksums.ts";
import { recordName } from "../formats/release/release-record.ts";
import { readUnitOutputs } from "../formats/release/unit-outputs.ts";
import type { UnitOutputs } from "../formats/release/unit-outputs.ts";
import { withManualWork, withoutCommands, writeSummary } from "../plan/notes/summary.ts";
import { findManualWork } from "./manual-work.ts";
import { readEngineEvents } from "./stack/engine-events.ts";
import type { StackRun } from "./stack/stack-run.ts";
import { writeUnfinishedSummary } from "./unfinished-summary.ts";

/** A summary for both places where it is read. */
export interface Summary {
  terminal: string;
  /** For the page of a GitHub Actions job. */
  markdown: string;
}

const Outputs = z.object({ units: z.unknown(), summary: z.string().optional() });

/** Says what is public after a run, how to inspect and verify it, and what people still have to do. Reads the stack's outputs. */
export async function summarize({ stack, environment }: StackRun): Promise<Summary> {
  const { stdout } = await execa("pulumi", ["stack", "output", "--json", "--stack", stack], { env: environment });
  const outputs = Outputs.parse(JSON.parse(stdout));
  const units = readUnitOutputs(outputs.units);
  const [first] = Object.values(units);
  const left = await findManualWork({
    repositories: Object.values(units).flatMap(({ artifacts }) =>
      Object.values(artifacts).map(({ reference }) => repositoryIn(reference)),
    ),
    registry: first?.packageRegistry ?? "",
    releasing: first?.repository ?? "",
  });
  const summary = outputs.summary ?? writeSummary({ units });
  // What the run did with each chart stands in the Markdown alone.
  const charts = outputs.summary === undefined ? [] : ["", withoutCommands(outputs.summary)];
  return { terminal: [summaryText(units, left), ...charts].join("\n"), markdown: withManualWork(summary, left) };
}

/**
 * Says of a run that failed what is public and what is not, from the engine's events.
 * @param events file of the events; not there if the run has not begun
 */
export async function summarizeFailure(events: string): Promise<Summary> {
  const markdown = writeUnfinishedSummary(await readEngineEvents(events));
  return { terminal: `\n${markdown}`, markdown };
}

/**
 * The summary as text.
 * @param units the stack output `units`
 * @param left what is left to do by hand, a line each
 */
export function summaryText(units: Readonly<Record<string, UnitOutputs>>, left: readonly string[]): string {
  return [
    ...Object.entries(units).flatMap(([name, unit]) => ["", ...released(name, unit)]),
    ...(left.length > 0 ? ["", ...left.map((line) => `left to do by hand: ${line}`)] : []),
  ].join("\n");
}

function released(name: string, unit: UnitOutputs): string[] {
  const { version, revision, gitTag, artifacts, release, signing, leftOut } = unit;
  return [
    `${name} ${version} is released`,
    ...table([
      ...Object.entries(artifacts).map(([artifact, { reference, how }]) => [artifact, `${reference}  (${how})`]),
      ["git tag", `${gitTag} at ${revision}`],
      ["Release", release],
      ["signed", signing === "off" ? "no (`signing: off`)" : `by ${signing.workflow} at ${signing.refs}`],
      ...notCompared(unit),
      ...leftOut.map((what) => ["left out", what]),
    ]),
    "  inspect it:",
    ...Object.values(artifacts).map(
      ({ kind = "image", reference }) => `    ${inspectCommand(kind, byDigest(reference))}`,
    ),
    `    in a browser: ${release}`,
    ...verification(unit),
  ];
}

/** A run of another repository is at a commit of that repository, so its certificate does not name the commit that was built. */
function notCompared({ signing, repository }: UnitOutputs): string[][] {
  if (signing === "off" || sameRepository(sourceRepository(signing), repository)) {
    return [];
  }
  return [["commit", `not compared with the certificate: runs of ${sourceRepository(signing)} sign for ${repository}`]];
}

/** The commands of the notes, with an absolute path to the trusted root, so that they work in every folder of this machine. */
function verification({ artifacts, assets, signing, trustedRoot }: UnitOutputs): string[] {
  const [first] = assets;
  const sums = first === undefined ? [] : [checksumCommand];
  if (signing === "off") {
    return folded("check it, in a folder with its files:", sums);
  }
  const trust = { identity: signing, trustedRoot: trustedRoot && resolve(trustedRoot) };
  const signed = [...(first === undefined ? [] : [checksumsName, first]), recordName];
  return [
    ...folded(
      "verify it, with cosign 3 and gh:",
      Object.values(artifacts).flatMap(({ reference, sbom }) =>
        artifactCommands({ reference: byDigest(reference), sbom }, trust),
      ),
    ),
    ...folded("and in a folder with its files:", [...sums, ...signed.map((file) => fileCommand(file, trust))]),
  ];
}

function folded(title: string, commands: readonly string[]): string[] {
  return commands.length > 0 ? [`  ${title}`, ...commands.map((command) => `    ${command}`)] : [];
}

function table(rows: string[][]): string[] {
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return rows.map(([name = "", value = ""]) => `  ${name.padEnd(width)}  ${value}`);
}

/** `repository:tag@digest` without its tag, so that a command inspects what was released, whatever the tag names now. */
function byDigest(reference: string): string {
  return reference.replace(/:[^:/@]+@/, "@");
}

function repositoryIn(reference: string): string {
  return byDigest(reference).replace(/@.*$/, "");
}
