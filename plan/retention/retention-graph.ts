import { digestOfTag } from "../../formats/artifact/manifest-references.ts";
import type { ManifestReferences } from "../../formats/artifact/manifest-references.ts";

/** A manifest of one package, with all that can be known of its references. */
export interface GraphNode {
  digest: string;
  tags: readonly string[];
  /** Undefined where it could not be read. */
  references: ManifestReferences | undefined;
}

/** How the manifests of one package hang together; digests that the package does not have are left out. */
export interface ReferenceGraph {
  /** By digest: what it refers to. Where it stays these stay, and it is deleted before them. */
  needs: ReadonlyMap<string, readonly string[]>;
  /** By digest: what refers to it. */
  neededBy: ReadonlyMap<string, readonly string[]>;
  /** By digest: signatures, attestations and lists of them. They stay with what they are attached to. */
  attached: ReadonlyMap<string, readonly string[]>;
}

/** A step from something that stays to what stays because of it. */
export interface Step {
  /** Digest of the manifest that stays. */
  from: string;
  how: "refers to it" | "has it attached";
}

/**
 * The graph of one package.
 * @param nodes each digest once
 */
export function referenceGraph(nodes: readonly GraphNode[]): ReferenceGraph {
  const present = new Set(nodes.map(({ digest }) => digest));
  const needs = new Map<string, string[]>();
  const neededBy = new Map<string, string[]>();
  const attached = new Map<string, string[]>();
  for (const { digest, tags, references } of nodes) {
    const subjects = attachedTo({ tags, references });
    const wanted = new Set([...(references?.mentions ?? []), ...subjects]);
    for (const other of [...wanted].filter((one) => present.has(one) && one !== digest)) {
      append(needs, digest, other);
      append(neededBy, other, digest);
    }
    for (const subject of subjects) {
      append(attached, subject, digest);
    }
  }
  return { needs, neededBy, attached };
}

/** The digests that a manifest is attached to: by its `subject`, and by tags that stand for a digest. */
export function attachedTo({ tags, references }: Pick<GraphNode, "tags" | "references">): string[] {
  const subject = references?.subject;
  return [...(subject === undefined ? [] : [subject]), ...tags.flatMap((tag) => digestOfTag(tag) ?? [])];
}

/** What refers to a digest without being attached to it: the indexes that list it. */
export function listedBy({ neededBy, attached }: ReferenceGraph, digest: string): string[] {
  const beside = new Set(attached.get(digest));
  return (neededBy.get(digest) ?? []).filter((other) => !beside.has(other));
}

/**
 * Everything that must stay because the roots do: what they refer to and what is attached to them, over any number of steps.
 * @returns by digest the last step of a shortest way from a root; roots have none and are left out
 */
export function staysWith(graph: ReferenceGraph, roots: readonly string[]): Map<string, Step> {
  const steps = new Map<string, Step>();
  const seen = new Set(roots);
  const queue = [...seen];
  // An array that grows while it is walked through is a queue.
  for (const from of queue) {
    const next = [
      ...(graph.needs.get(from) ?? []).map((digest) => ({ digest, how: "refers to it" as const })),
      ...(graph.attached.get(from) ?? []).map((digest) => ({ digest, how: "has it attached" as const })),
    ];
    for (const { digest, how } of next) {
      if (seen.has(digest)) {
        continue;
      }
      seen.add(digest);
      steps.set(digest, { from, how });
      queue.push(digest);
    }
  }
  return steps;
}

/** Everything that refers to one of these digests, over any number of steps, and they themselves. */
export function withReferrers({ neededBy }: ReferenceGraph, digests: readonly string[]): Set<string> {
  const seen = new Set(digests);
  for (const digest of seen) {
    for (const other of neededBy.get(digest) ?? []) {
      seen.add(other);
    }
  }
  return seen;
}

/**
 * Splits digests into groups that hang together: nothing of one group refers to anything of another.
 * @returns the groups in the order of their first digests, each in an order in which it can be deleted so that, wherever it is cut off,
 * nothing that is still there refers to something that is gone: lists before what they list, attached things before what they are
 * attached to, an index before its manifests. What refers to itself in a circle, and what that refers to, is left out
 */
export function deletionGroups(graph: ReferenceGraph, going: readonly string[]): string[][] {
  const left = new Set(going);
  const groups: string[][] = [];
  for (const first of going) {
    if (!left.delete(first)) {
      continue;
    }
    const group = [first];
    // An array that grows while it is walked through is a queue.
    for (const digest of group) {
      for (const other of [...(graph.needs.get(digest) ?? []), ...(graph.neededBy.get(digest) ?? [])]) {
        if (left.delete(other)) {
          group.push(other);
        }
      }
    }
    groups.push(deletionOrder(graph, group));
  }
  return groups.filter((group) => group.length > 0);
}

function deletionOrder({ needs, neededBy }: ReferenceGraph, going: readonly string[]): string[] {
  const wanted = new Set(going);
  const open = new Map(going.map((digest) => [digest, count(neededBy.get(digest), wanted)]));
  const ordered = going.filter((digest) => open.get(digest) === 0);
  for (const digest of ordered) {
    for (const other of (needs.get(digest) ?? []).filter((one) => wanted.has(one))) {
      const left = (open.get(other) ?? 0) - 1;
      open.set(other, left);
      if (left === 0) {
        ordered.push(other);
      }
    }
  }
  return ordered;
}

function count(digests: readonly string[] | undefined, wanted: ReadonlySet<string>): number {
  return (digests ?? []).filter((digest) => wanted.has(digest)).length;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
