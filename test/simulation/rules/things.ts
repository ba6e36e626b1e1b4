import type { SentRequest } from "../machine/network.ts";
import { identity } from "../world/bundle.ts";
import type { SimulatedBundle } from "../world/bundle.ts";
import { judgeStatement } from "../world/verification.ts";
import type { World } from "../world/world.ts";

/**
 * What can be seen from outside, each thing with its value: `tag REPOSITORY:TAG` → digest, `git TAG` → commit, `release ID` → draft or public,
 * `asset ID NAME` → its bytes, `latest` → tag, `attached REPOSITORY@DIGEST` → types of the statements that verify.
 */
export type Things = Map<string, string>;

/** Looks at everything. */
export function seeThings({ registry, gitHub }: World): Things {
  const things: Things = new Map();
  for (const [name, { tags, manifests }] of registry.repositories) {
    for (const [tag, digest] of tags) {
      if (!tag.startsWith("sha256-")) {
        things.set(`tag ${name}:${tag}`, digest);
      }
    }
    for (const digest of manifests.keys()) {
      const types = attachedTypes({ registry }, name, digest);
      if (types.length > 0) {
        things.set(`attached ${name}@${digest}`, types.join(" "));
      }
    }
  }
  for (const [tag, commit] of gitHub.tags()) {
    things.set(`git ${tag}`, commit);
  }
  for (const { id, draft, assets } of gitHub.releases()) {
    things.set(`release ${id}`, draft ? "draft" : "public");
    for (const { name, state, digest } of assets) {
      things.set(`asset ${id} ${name}`, digest ?? state);
    }
  }
  const latest = gitHub.latest();
  if (latest !== undefined) {
    things.set("latest", latest);
  }
  return things;
}

/** Predicate types of the statements by the expected identity that are attached to a digest, sorted. */
export function attachedTypes({ registry }: Pick<World, "registry">, name: string, digest: string): string[] {
  const { manifests, blobs } = registry.repository(name);
  const types = registry.referrers(name, digest).flatMap((referrer) => {
    const layer = manifests.get(referrer)?.content.layers?.[0]?.digest;
    const blob = layer === undefined ? undefined : blobs.get(layer);
    return blob === undefined ? [] : judgeBlobOnce(blob, digest);
  });
  return [...new Set(types)].toSorted();
}

const judged = new WeakMap<Buffer, Map<string, string[]>>();

function judgeBlobOnce(blob: Buffer, digest: string): string[] {
  const known = judged.get(blob) ?? new Map<string, string[]>();
  judged.set(blob, known);
  const before = known.get(digest);
  if (before !== undefined) {
    return before;
  }
  const verdict = judgeStatement(JSON.parse(blob.toString()) as SimulatedBundle, digest, identity);
  const types = verdict.verified ? [verdict.value.predicateType] : [];
  known.set(digest, types);
  return types;
}

/** Whether the answer to a request shows a thing to the one who asked. */
export function shows({ method, url }: SentRequest, thing: string): boolean {
  const path = decodeURIComponent(url.pathname);
  if (method !== "GET" && method !== "HEAD") {
    return false;
  }
  const manifest = /^\/v2\/(.+)\/(manifests|referrers)\/(.+)$/.exec(path);
  if (manifest !== null) {
    const [, name = "", kind = "", reference = ""] = manifest;
    const isList = kind === "referrers" || reference.startsWith("sha256-");
    const listed = `attached ${name}@${reference.replace(/^sha256-/, "sha256:")}`;
    return isList ? thing === listed : thing === `tag ${name}:${reference}`;
  }
  const [, rest = ""] = /\/repos\/[^/]+\/[^/]+\/(.*)$/.exec(path) ?? [];
  const tag = /^git\/ref\/tags\/(.+)$/.exec(rest)?.[1];
  if (tag !== undefined) {
    return thing === `git ${tag}`;
  }
  if (rest === "releases/latest") {
    return thing === "latest";
  }
  if (rest === "releases") {
    return thing.startsWith("release ");
  }
  const assets = /^releases\/(\d+)\/assets$/.exec(rest)?.[1];
  if (assets !== undefined) {
    return thing.startsWith(`asset ${assets} `);
  }
  const id = /^releases\/(\d+)$/.exec(rest)?.[1];
  return id !== undefined && thing === `release ${id}`;
}
