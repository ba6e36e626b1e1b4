import { createHash } from "node:crypto";
import { readManifestReferences } from "../../formats/artifact/manifest-references.ts";
import type { ManifestReferences } from "../../formats/artifact/manifest-references.ts";
import type { PackageVersion } from "../../observe/published/packages/package-versions.ts";
import { planRetention } from "../../plan/retention/retention.ts";
import type { RetentionPlan, RetentionQuestion } from "../../plan/retention/retention.ts";

/** The moment at which made-up packages are looked at. */
export const now = Date.parse("2026-11-21T12:00:00Z");

/** A version of a made-up package, named by a word. */
export interface MadeUpVersion {
  name: string;
  /** `@NAME` in a tag stands for the hex of that version's digest: `sha256-@app`. */
  tags?: readonly string[];
  /** In days before now. */
  age: number;
  /** Names of the manifests that it lists, as an index. */
  lists?: readonly string[];
  /** Name of what it is attached to. */
  subject?: string;
  /** Names of layers; the same name is the same layer. Each has 1000 bytes. */
  layers?: readonly string[];
  /** Names of what its annotations mention. */
  annotated?: readonly string[];
  /** False: the registry does not give its manifest. */
  readable?: boolean;
}

const digests = new Map<string, string>();

/** The digest of a version or a layer by its name. */
export function named(name: string): string {
  const digest = digests.get(name) ?? `sha256:${createHash("sha256").update(name).digest("hex")}`;
  digests.set(name, digest);
  return digest;
}

/** The text of its manifest, as a registry gives it. */
export function manifestOf({ lists, subject, layers = [], annotated = [] }: MadeUpVersion): string {
  const descriptor = (name: string) => ({ mediaType: "application/vnd.example", digest: named(name), size: 1000 });
  return JSON.stringify({
    schemaVersion: 2,
    ...(lists === undefined ? { layers: layers.map(descriptor) } : { manifests: lists.map(descriptor) }),
    ...(subject === undefined ? {} : { subject: descriptor(subject) }),
    annotations: Object.fromEntries(annotated.map((name, at) => [`note.${at}`, `see ${named(name)}, please`])),
  });
}

/** The question that a package is to retention: by default nothing is named by a Release, and none without a tag stays for being new. */
export function questionOf(
  versions: readonly MadeUpVersion[],
  changes: Partial<RetentionQuestion> = {},
): RetentionQuestion {
  const manifests = versions.flatMap((version): [string, ManifestReferences][] => {
    const references = version.readable === false ? undefined : readManifestReferences(manifestOf(version));
    return references === undefined ? [] : [[named(version.name), references]];
  });
  return {
    versions: versions.map(({ name, tags = [], age }, at): PackageVersion => ({
      id: at + 1,
      digest: named(name),
      tags: tags.map((tag) => tag.replace(/@([\w-]+)/, (_, other: string) => named(other).slice(7))),
      changedAt: now - age * 86_400_000,
    })),
    counted: versions.length,
    manifests: new Map(manifests),
    named: new Map(),
    prefix: "",
    rule: { keepLast: 0, olderThan: 1 },
    now,
    ...changes,
  };
}

/** A plan by the names of the versions: what goes, in order, and why each of the others stays, with names instead of digests. */
export function planned(
  versions: readonly MadeUpVersion[],
  changes: Partial<RetentionQuestion> = {},
): { goes: string[]; stays: Record<string, string>; plan: RetentionPlan } {
  const plan = planRetention(questionOf(versions, changes));
  const nameOf = new Map(versions.map(({ name }) => [named(name), name]));
  const words = (text: string): string =>
    [...nameOf].reduce((told, [digest, name]) => told.replaceAll(digest.slice(0, 19), name), text);
  return {
    goes: plan.goes.flat().map(({ version }) => nameOf.get(version.digest) ?? version.digest),
    stays: Object.fromEntries(
      plan.stays.map(({ version, why }) => [nameOf.get(version.digest) ?? version.digest, words(why)]),
    ),
    plan,
  };
}
