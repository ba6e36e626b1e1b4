import { setTimeout as delay } from "node:timers/promises";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { hasBlob, putBlob } from "./blob-upload.ts";
import type { BlobDescriptor } from "./blob-upload.ts";
import { hasDigest, indexMediaType, nameReferrersTag, readTaggedList } from "./referrer-list.ts";
import type { ListEntry } from "./referrer-list.ts";
import type { ListedReferrers } from "./referrer-selection.ts";
import { listAttachments } from "./referrers.ts";
import { askRegistry } from "./access.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { getManifest, putManifest } from "./registry.ts";
import { readFirstWait } from "../retry.ts";
import type { Manifest } from "./registry.ts";
import { bundleMediaType } from "../sigstore/signing.ts";
import type { StoredBundle } from "../sigstore/signing.ts";

const manifestMediaType = "application/vnd.oci.image.manifest.v1+json";

/** Config of a manifest that needs none. Source: OCI image-spec 1.1, "Guidance for an Empty Descriptor". */
const empty = { bytes: Buffer.from("{}"), mediaType: "application/vnd.oci.empty.v1+json" };

/** How often the list is written before it is left as it is: the caller reads back and reports what is missing. */
const mostWrites = 5;

/**
 * How long after a write the list is read again, in milliseconds: so long that a writer that had read it before has written as well. A tenth
 * of the first wait after a failure (LOCKSTEP_RETRY_MS), 100 by default.
 */
function readSettling(): number {
  return readFirstWait() / 10;
}

/**
 * Attaches a bundle to a digest, as cosign 3 does: pushes it, and a manifest that names its subject. A registry without the referrers API lists
 * it only after settleList(): bundles of one digest may be pushed side by side, and their list is written once for all that were pushed by then.
 * Source: OCI distribution-spec 1.1, "Pushing Manifests with Subject"; github.com/sigstore/cosign specs/BUNDLE_SPEC.md.
 * @param predicateType of the statement in the bundle
 * @throws ServerRefusal with the registry's words
 */
export async function pushBundle(
  repository: string,
  digest: string,
  bundle: StoredBundle,
  predicateType: string,
): Promise<void> {
  const [subject, layer, config] = await Promise.all([
    getSubject(repository, digest),
    putBlob(repository, Buffer.from(JSON.stringify(bundle)), bundleMediaType),
    shareEmptyConfig(repository),
  ]);
  const annotations = {
    "org.opencontainers.image.created": new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": predicateType,
  };
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestMediaType,
      artifactType: bundleMediaType,
      config,
      layers: [layer],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.bytes.length },
      annotations,
    }),
  );
  const descriptor = { mediaType: manifestMediaType, digest: computeDigest(bytes), size: bytes.length };
  const answer = await putManifest(repository, descriptor.digest, { mediaType: manifestMediaType, bytes }).catch(
    (error: unknown) => {
      // It may be gone.
      emptyConfigs.delete(repository);
      throw error;
    },
  );
  // Some registries claim to keep the list themselves, but have no API that shows it (AWS ECR).
  if (answer.has("oci-subject") && (await hasReferrersApi(repository, subject.digest))) {
    return;
  }
  list(repository, subject.digest, { ...descriptor, artifactType: bundleMediaType, annotations });
}

function list(repository: string, digest: string, entry: ListEntry): void {
  const key = `${repository}@${digest}`;
  listed.set(key, [...(listed.get(key) ?? []), entry]);
}

/** @throws ServerRefusal 404 if it is not there */
async function getSubject(repository: string, digest: string): Promise<Manifest> {
  const subject = await getManifest(repository, digest);
  if (subject === undefined) {
    const words = `the registry has no manifest ${digest} to attach to`;
    throw new ServerRefusal({ request: `GET ${repository}@${digest}`, status: 404, words });
  }
  return subject;
}

/** By repository: that it is there. A registry that has lost it refuses the manifest. */
const emptyConfigs = new Map<string, Promise<BlobDescriptor>>();

/** Puts the empty config there once for all bundles, also for those that are pushed side by side. */
async function shareEmptyConfig(repository: string): Promise<BlobDescriptor> {
  const config = emptyConfigs.get(repository) ?? putEmptyConfig(repository);
  emptyConfigs.set(repository, config);
  try {
    return await config;
  } catch (error) {
    emptyConfigs.delete(repository);
    throw error;
  }
}

async function putEmptyConfig(repository: string): Promise<BlobDescriptor> {
  const { bytes, mediaType } = empty;
  const digest = computeDigest(bytes);
  if (await hasBlob(repository, digest)) {
    return { mediaType, digest, size: bytes.length };
  }
  return putBlob(repository, bytes, mediaType);
}

async function hasReferrersApi(repository: string, digest: Digest): Promise<boolean> {
  const answer = await askRegistry(repository, `referrers/${digest}`, { headers: { accept: indexMediaType } });
  await answer.body?.cancel();
  return answer.ok;
}

/**
 * Entries that this process relies on, by repository and digest: what it has pushed and the registry does not list by itself, and what it has
 * found. A later write adds those that another writer has dropped.
 */
const listed = new Map<string, ListEntry[]>();

/** The list of each digest as it was read last, by repository and digest. */
const lastRead = new Map<string, ListEntry[]>();

/** The work on a list that has not begun yet, by repository and digest: whoever comes until then shares it. */
const waiting = new Map<string, Promise<ListedReferrers>>();

/** The work on a list that was begun last. */
const begun = new Map<string, Promise<ListedReferrers>>();

/**
 * Completes the list of a digest's attachments, and reads it. What this process has pushed and another writer has dropped from the list is added:
 * a registry has no compare-and-set, so a writer that read the list before a write drops the entry with its own. The list is read again after a
 * pause, and completed until it has everything. If the registry keeps the list itself, it is only read.
 *
 * A list is worked on by one at a time. Whoever comes meanwhile waits, and shares the next turn with all who wait. So a write of this process
 * never drops what a turn before it has shown: it has read the list after that turn.
 * @throws ServerRefusal with the registry's words; ReleaseError SIGNING_FAILED if something else is under the tag of the list
 */
export function settleList(repository: string, digest: string): Promise<ListedReferrers> {
  const key = `${repository}@${digest}`;
  const known = waiting.get(key);
  if (known !== undefined) {
    return known;
  }
  const before: Promise<unknown> = begun.get(key) ?? Promise.resolve();
  const next = before
    .catch(() => {})
    .then(() => {
      waiting.delete(key);
      const turn = takeTurn(repository, digest);
      begun.set(key, turn);
      return turn;
    });
  waiting.set(key, next);
  return next;
}

/**
 * Has later turns on a digest's list add an attachment that was found in it, if another writer drops it: this run relies on it, although it is
 * not its own. Does nothing for one that the registry lists by itself.
 * @param attachment digest of its manifest
 */
export function keepListed(repository: string, digest: string, attachment: Digest): void {
  const key = `${repository}@${digest}`;
  const isIt = (entry: ListEntry): boolean => entry.digest === attachment;
  const entry = lastRead.get(key)?.find(isIt);
  if (entry !== undefined && !listed.get(key)?.some(isIt)) {
    list(repository, digest, entry);
  }
}

async function takeTurn(repository: string, digest: string): Promise<ListedReferrers> {
  const read = await completeList(repository, digest);
  const found = await listAttachments(repository, digest, read);
  lastRead.set(`${repository}@${digest}`, found.tagged);
  return found;
}

/** @returns the list under the tag as it was read last; undefined if it was written since, or was not read */
async function completeList(repository: string, digest: string): Promise<Manifest | undefined> {
  const tag = nameReferrersTag(digest as Digest);
  for (let attempt = 1; attempt <= mostWrites; attempt += 1) {
    // Read anew: more may have been pushed during the pause.
    const ours = listed.get(`${repository}@${digest}`) ?? [];
    if (ours.length === 0) {
      return undefined;
    }
    const before = await getManifest(repository, tag);
    const { manifests, ...rest } = before
      ? readList(before, repository, tag)
      : { mediaType: indexMediaType, schemaVersion: 2 };
    const present = new Set((manifests ?? []).filter(hasDigest).map((entry) => entry.digest));
    const missing = ours.filter((one) => !present.has(one.digest));
    if (missing.length === 0) {
      return before;
    }
    const bytes = Buffer.from(JSON.stringify({ ...rest, manifests: [...(manifests ?? []), ...missing] }));
    try {
      await putManifest(repository, tag, { mediaType: indexMediaType, bytes }, before?.etag);
    } catch (error) {
      // The registry compared, and another writer was faster.
      if (!(error instanceof ServerRefusal && error.status === 412 && attempt < mostWrites)) {
        throw error;
      }
    }
    await delay(readSettling());
  }
  return undefined;
}

function readList(found: Manifest, repository: string, tag: string): ReturnType<typeof readTaggedList> {
  try {
    return readTaggedList(found);
  } catch (error) {
    throw new ReleaseError({
      code: "SIGNING_FAILED",
      step: `listing a signature under ${repository}:${tag}`,
      reason: `its content ${(error as Error).message}`,
      meaning:
        "Registries without the referrers API list a digest's attachments under this tag. Something else was pushed there, and it was not overwritten.",
      fix: `Find out who pushed it. Then delete that version of the package, or only its tag, and run again.`,
    });
  }
}
