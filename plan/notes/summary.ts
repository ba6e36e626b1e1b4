import { checksumsName } from "../../formats/release/checksums.ts";
import { packageName } from "../../formats/organization/package-page.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import {
  artifactCommands,
  checksumCommand,
  fileCommand,
  inspectCommand,
} from "../../formats/release/verification-commands.ts";
import { collapsedCode } from "./markdown-code.ts";
import { ownSigstore, trustedRootName } from "./own-sigstore.ts";

/** What a summary is made of. */
export interface SummaryContent {
  /** The stack output `units`. */
  units: Readonly<Record<string, UnitOutputs>>;
  /** What the run did with each chart of the chart set, as a Markdown table; undefined if there is none. */
  charts?: string | undefined;
}

/** Characters. GitHub accepts 1 MiB for a step; most letters are one byte, and the rest is for what else the step writes. */
const longest = 800_000;

/**
 * The summary of a run that released everything, in Markdown: what is public with links and digests, how to inspect and verify it, and what
 * was left out. If commands for every unit would make it longer than GitHub accepts, it has none: they are in the
 * notes of each Release.
 */
export function writeSummary(content: SummaryContent): string {
  const whole = assemble(content, true);
  return whole.length <= longest ? whole : assemble(content, false);
}

/**
 * Adds to a summary what is left to people.
 * @param left a sentence each
 */
export function withManualWork(summary: string, left: readonly string[]): string {
  return left.length === 0
    ? summary
    : [summary, "", "## Left to do by hand", "", ...left.map((what) => `- ${what}`)].join("\n");
}

/** A summary that writeSummary() wrote, without its commands: for a place that has them already. */
export function withoutCommands(summary: string): string {
  const from = summary.indexOf(`\n\n${commandsTitle}\n`);
  if (from === -1) {
    return summary;
  }
  const [, after = ""] = /(\n\n(?:\*\*Not signed\*\*|## Left out)[^]*)$/.exec(summary.slice(from)) ?? [];
  return `${summary.slice(0, from)}${after}`;
}

const commandsTitle = "## Inspect and verify";

function assemble({ units, charts }: SummaryContent, withCommands: boolean): string {
  const all = Object.entries(units);
  const leftOut = all.flatMap(([name, unit]) => unit.leftOut.map((what) => `- ${name} ${unit.version}: ${what}`));
  const unsigned = all.filter(([, { signing }]) => signing === "off").map(([name]) => name);
  const commands = all.flatMap(writeCommands);
  const roots = [...new Set(all.flatMap(([, { trustedRoot }]) => trustedRoot ?? []))].flatMap((root) => [
    "",
    ownSigstore(root),
  ]);
  const parts = [
    ["# Released", "", ...(all.length > 0 ? releasedTable(all) : ["No unit has a version to release."])],
    ...(charts === undefined ? [] : [["## Charts", "", charts]]),
    ...(withCommands && commands.length > 0 ? [[commandsTitle, ...roots, ...commands]] : []),
    ...(unsigned.length > 0 ? [[`**Not signed** (\`signing: off\`): ${unsigned.join(", ")}.`]] : []),
    ...(leftOut.length > 0 ? [["## Left out", "", ...leftOut]] : []),
  ];
  return parts.map((lines) => lines.join("\n")).join("\n\n");
}

function releasedTable(units: readonly [string, UnitOutputs][]): string[] {
  const rows = units.flatMap(([name, unit]) => {
    const { version, gitTag, release, artifacts } = unit;
    const link = `[${gitTag}](${release})`;
    const pushed = Object.values(artifacts).map(
      (artifact) => `| ${name} | ${version} | ${link} | ${writeReference(artifact.reference, unit)} |`,
    );
    return pushed.length > 0 ? pushed : [`| ${name} | ${version} | ${link} | |`];
  });
  return ["| unit | version | Release | digest |", "| --- | --- | --- | --- |", ...rows];
}

/** GitHub shows a package on the page of the repository that it is linked to. */
function writeReference(reference: string, { packageRegistry, release, repository: releasing }: UnitOutputs): string {
  const { repository, digest } = splitReference(reference);
  const at = packageName(repository, packageRegistry);
  const web = release.slice(0, Math.max(0, release.indexOf(`/${releasing}/releases/`)));
  const shown = `\`${repository}@${digest}\``;
  return at === undefined || web === ""
    ? shown
    : `[${shown}](${web}/${releasing}/pkgs/container/${encodeURIComponent(at.name)})`;
}

function writeCommands([name, unit]: [string, UnitOutputs]): string[] {
  const { artifacts, assets, signing, trustedRoot } = unit;
  const trust = signing === "off" ? undefined : { identity: signing, trustedRoot: trustedRoot && trustedRootName };
  const perArtifact = Object.values(artifacts).flatMap(({ kind = "image", reference, sbom }) => {
    const { repository, digest } = splitReference(reference);
    const named = `${repository}@${digest}`;
    return [inspectCommand(kind, named), ...(trust ? artifactCommands({ reference: named, sbom }, trust) : [])];
  });
  const signed = [...(assets.length > 0 ? [checksumsName] : []), ...assets.slice(0, 1), recordName];
  const commands = [
    ...perArtifact,
    ...(assets.length > 0 ? [checksumCommand] : []),
    ...(trust ? signed.map((file) => fileCommand(file, trust)) : []),
  ];
  return commands.length === 0 ? [] : collapsedCode(`<code>${name}</code> ${unit.version}`, commands);
}

/** Splits `repository:tag@digest`. */
function splitReference(reference: string): { repository: string; digest: string } {
  const [named = "", digest = ""] = reference.split("@");
  return { repository: named.replace(/:[^:/]+$/, ""), digest };
}
