import { parse } from "semver";
import { hubTag } from "../../formats/chart/hub/artifact-hub.ts";
import { digestOfTag } from "../../formats/artifact/manifest-references.ts";
import type { ManifestReferences } from "../../formats/artifact/manifest-references.ts";
import type { PackageVersion } from "../../observe/published/packages/package-versions.ts";
import { attachedTo, deletionGroups, listedBy, referenceGraph, staysWith, withReferrers } from "./retention-graph.ts";
import type { ReferenceGraph } from "./retention-graph.ts";

/** Milliseconds of a day. */
export const day = 24 * 60 * 60 * 1000;

/** What may go at all. */
export interface RetentionRule {
  /** How many of the newest things without a tag stay; an index counts once, with all below it and all that is attached. */
  keepLast: number;
  /** In days; whatever is younger stays, because a run may be about to tag it. Less than one day is taken for one. */
  olderThan: number;
}

/** One package, as it was found. */
export interface RetentionQuestion {
  versions: readonly PackageVersion[];
  /** How many versions GitHub counts. */
  counted: number;
  /** By digest; a digest without an entry could not be read. */
  manifests: ReadonlyMap<string, ManifestReferences>;
  /** By digest: why it stays whatever else is said of it ("the Release v1.2.3 names it"). */
  named: ReadonlyMap<string, string>;
  /** What stands before the version in the unit's version tags; often nothing. */
  prefix: string;
  rule: RetentionRule;
  /** Milliseconds since 1970. */
  now: number;
}

/** What becomes of one version, and why. */
export interface VersionVerdict {
  version: PackageVersion;
  why: string;
}

/** What is to be done with a package. */
export interface RetentionPlan {
  /**
   * Groups of what hangs together, the oldest group first, each in the order in which it can be deleted: wherever it is cut off, nothing
   * that is still there refers to something gone.
   */
  goes: VersionVerdict[][];
  /** The newest first. */
  stays: VersionVerdict[];
  /** Bytes of blobs and manifests that nothing of what stays refers to. */
  freed: number;
  /** Why nothing goes at all; undefined where everything is known that decides. */
  blocked: string | undefined;
}

/**
 * Decides what of a package may be deleted. Nothing goes that a Release names, that has a tag of somebody's, that is young, or that anything
 * which stays refers to; attached things stay with what they are attached to. Where a manifest could not be read, or GitHub counts more
 * versions than it lists, nothing goes at all: what is not known could refer to anything.
 */
export function planRetention(question: RetentionQuestion): RetentionPlan {
  const { versions, manifests } = question;
  const graph = referenceGraph(
    versions.map(({ digest, tags }) => ({ digest, tags, references: manifests.get(digest) })),
  );
  const newestFirst = versions.toSorted((a, b) => b.changedAt - a.changedAt || b.id - a.id);
  const stays = stayingReasons(question, graph, newestFirst);
  const blocked = whyNothingGoes(question, newestFirst);
  const oldestFirst = newestFirst.toReversed();
  const candidates = (): string[] => oldestFirst.flatMap(({ digest }) => (stays.has(digest) ? [] : [digest]));
  if (blocked !== undefined) {
    for (const digest of candidates()) {
      stays.set(digest, blocked);
    }
  }
  const circle = candidates().filter(isMissingIn(deletionGroups(graph, candidates()).flat()));
  for (const digest of [...circle, ...staysWith(graph, circle).keys()]) {
    if (!stays.has(digest)) {
      stays.set(digest, "something refers to it in a circle");
    }
  }
  const groups = deletionGroups(graph, candidates());
  const byDigest = new Map(versions.map((version) => [version.digest, version]));
  return {
    goes: groups.map((group) =>
      group.flatMap((digest) => {
        const version = byDigest.get(digest);
        return version === undefined ? [] : [{ version, why: whyItGoes(version, question, graph) }];
      }),
    ),
    stays: newestFirst.flatMap((version) => {
      const why = stays.get(version.digest);
      return why === undefined ? [] : [{ version, why }];
    }),
    freed: freedBytes(groups.flat(), question),
    blocked,
  };
}

/** A digest as people recognize it: `sha256:` and twelve digits. */
export function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

function isMissingIn(digests: readonly string[]): (digest: string) => boolean {
  const there = new Set(digests);
  return (digest) => !there.has(digest);
}

/** Undefined where everything is known that could refer to something. */
function whyNothingGoes(
  { manifests, counted }: RetentionQuestion,
  versions: readonly PackageVersion[],
): string | undefined {
  const unread = versions.find(({ digest }) => !manifests.has(digest));
  if (unread !== undefined) {
    return `${short(unread.digest)} cannot be read and may refer to it`;
  }
  if (versions.length >= counted) {
    return undefined;
  }
  return `GitHub lists ${versions.length} of ${counted} versions, and another may refer to it`;
}

/** By digest, for everything that stays: why. The first reason counts. */
function stayingReasons(
  question: RetentionQuestion,
  graph: ReferenceGraph,
  newestFirst: readonly PackageVersion[],
): Map<string, string> {
  const { manifests, named, prefix, rule, now } = question;
  const stays = new Map<string, string>();
  const say = (digests: Iterable<string>, why: string): void => {
    for (const digest of digests) {
      if (!stays.has(digest)) {
        stays.set(digest, why);
      }
    }
  };
  for (const { digest, tags } of newestFirst) {
    const name = named.get(digest);
    const own = tags.filter((tag) => digestOfTag(tag) === undefined);
    if (name !== undefined) {
      say([digest], name);
    }
    if (own.length > 0) {
      say([digest], own.map((tag) => tagKind(tag, prefix)).join(", "));
    }
    if (!manifests.has(digest)) {
      say([digest], "its manifest cannot be read");
    }
  }
  say(lastOfPackage(newestFirst), "GitHub does not allow deleting the last version of a package");
  const last = newestWithoutTag(question, graph, newestFirst, [...stays.keys()]);
  const days = Math.max(1, rule.olderThan);
  const young = newestFirst.filter(({ changedAt }) => changedAt > now - days * day).map(({ digest }) => digest);
  say(young, `younger than ${days === 1 ? "a day" : `${days} days`}`);
  // A run that pushes the same bytes again changes the age of a manifest before that of its index.
  say(withReferrers(graph, young), "refers to something younger");
  say(last, rule.keepLast === 1 ? "the newest without a tag" : `one of the ${rule.keepLast} newest without a tag`);
  for (const [digest, { from, how }] of staysWith(graph, [...stays.keys()])) {
    say([digest], `${short(from)} ${how}`);
  }
  return stays;
}

/**
 * GitHub refuses to delete the last version of a package, and the last one with a tag: also with a tag that stands for a digest.
 * Source: its words are "You cannot delete the last tagged version of a package. You must delete the package instead."
 */
function lastOfPackage(newestFirst: readonly PackageVersion[]): string[] {
  const tagged = newestFirst.filter(({ tags }) => tags.length > 0);
  const own = tagged.find(({ tags }) => tags.some((tag) => digestOfTag(tag) === undefined));
  const last = own ?? tagged[0] ?? newestFirst[0];
  return last === undefined ? [] : [last.digest];
}

/**
 * The last ones that the rule keeps, the newest first. What hangs on one that counts does not count, and an index is newer than what it
 * lists: a build counts once. Only what stays is in front of the last of them, so a deletion that was cut off changes nothing of it.
 * @param others what stays for other reasons, whatever its age; neither it nor what hangs on it counts
 */
function newestWithoutTag(
  { manifests, rule }: RetentionQuestion,
  graph: ReferenceGraph,
  newestFirst: readonly PackageVersion[],
  others: readonly string[],
): string[] {
  const last: string[] = [];
  const kept = new Set([...others, ...staysWith(graph, others).keys()]);
  for (const { digest, tags } of newestFirst) {
    if (last.length >= rule.keepLast) {
      break;
    }
    if (kept.has(digest) || attachedTo({ tags, references: manifests.get(digest) }).length > 0) {
      continue;
    }
    last.push(digest);
    for (const one of [digest, ...staysWith(graph, [digest]).keys()]) {
      kept.add(one);
    }
  }
  return last;
}

function tagKind(tag: string, prefix: string): string {
  const rest = tag.startsWith(prefix) ? tag.slice(prefix.length) : "";
  // parse() also takes a leading `v` and spaces around.
  if (/^\d/.test(rest) && parse(rest) !== null) {
    return `version tag ${tag}`;
  }
  return tag === "latest" || tag === hubTag || /^\d+(\.\d+)?$/.test(rest) ? `moving tag ${tag}` : `tag ${tag}`;
}

function whyItGoes(version: PackageVersion, { manifests }: RetentionQuestion, graph: ReferenceGraph): string {
  const [subject] = attachedTo({ tags: version.tags, references: manifests.get(version.digest) });
  if (subject !== undefined) {
    const there = graph.needs.get(version.digest)?.includes(subject);
    return there ? `attached to ${short(subject)}, which goes` : `attached to ${short(subject)}, which is gone`;
  }
  const [parent] = listedBy(graph, version.digest);
  return parent === undefined ? "no tag, and nothing refers to it" : `${short(parent)} refers to it, and goes`;
}

function freedBytes(going: readonly string[], { versions, manifests }: RetentionQuestion): number {
  const goes = new Set(going);
  const staying = new Set(
    versions.flatMap(({ digest }) => (goes.has(digest) ? [] : (manifests.get(digest)?.mentions ?? []))),
  );
  const freed = new Map<string, number>();
  for (const digest of goes) {
    const manifest = manifests.get(digest);
    freed.set(digest, manifest?.size ?? 0);
    for (const blob of manifest?.blobs ?? []) {
      if (!staying.has(blob.digest)) {
        freed.set(blob.digest, blob.size);
      }
    }
  }
  return [...freed.values()].reduce((sum, size) => sum + size, 0);
}
