import { digestOfTag } from "../../formats/artifact/manifest-references.ts";
import { short } from "./retention.ts";
import type { RetentionPlan, VersionVerdict } from "./retention.ts";

/**
 * A plan as a table: each version with its tags and its day, whether it goes, and why; what goes in the order of deletion.
 * @param repository with its registry
 */
export function retentionText(repository: string, { goes, stays, freed, blocked }: RetentionPlan): string {
  const going = goes.flat();
  const rows = [...going.map((one) => cells("goes", one)), ...stays.map((one) => cells("stays", one))];
  const widths = [0, 1, 2, 3].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    `${repository}: ${count(going.length, "goes", "go")}, ${count(stays.length, "stays", "stay")}`,
    ...lines.map((line) => `  ${line}`),
    ...(blocked === undefined ? [] : [`  Nothing goes: ${blocked}.`]),
    ...(going.length === 0 ? [] : [`  What goes alone has ${sizeText(freed)} in the registry.`]),
  ].join("\n");
}

/** A version in a line of its own: digest and tags. */
export function versionText({ version }: VersionVerdict): string {
  const tags = tagsText(version.tags);
  return tags === "" ? short(version.digest) : `${short(version.digest)} (${tags})`;
}

/** A size as people read it, in steps of 1000 as registries bill it. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`;
}

function cells(verdict: string, { version, why }: VersionVerdict): string[] {
  const day = new Date(version.changedAt).toISOString().slice(0, 10);
  return [verdict.padEnd(5), short(version.digest), day, tagsText(version.tags), why];
}

function tagsText(tags: readonly string[]): string {
  return tags
    .map((tag) => (digestOfTag(tag) === undefined ? tag : tag.replace(/(?<=^sha256-.{12})[0-9a-f]+/, "…")))
    .join(", ");
}

function count(number: number, one: string, several: string): string {
  return number === 1 ? `1 version ${one}` : `${number} versions ${several}`;
}
