import { setTimeout as delay } from "node:timers/promises";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { hasBlob, putBlob } from "./blob-upload.ts";
import type { BlobDescriptor } from "./blob-upload.ts";
import { indexMediaType, nameReferrersTag, readTaggedList } from "./referrer-list.ts";
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

/** An entry of a list of referrers. */
interface ListEntry extends BlobDescriptor {
  artifactType: string;
  annotations: Record<string, string>;
}

/**
 * Attaches a bundle to a digest, as cosign 3 does. If the registry has no referrers API, the list of referrers is read, changed and
 * written, and read again, because another writer may drop an entry. Callers attach to one digest one after another. All other entries of
 * the list stay as they are.
 * Source: OCI distribution-spec 1.1, "Pushing Manifests with Subject"; github.com/sigstore/cosign specs/BUNDLE_SPEC.md.
 * @param predicateType of the statement in the bundle
 * @throws ServerRefusal with the registry's words; ReleaseError SIGNING_FAILED if something else is under the tag of the list
 */
export async function attachBundle(
  repository: string,
  digest: string,
  bundle: StoredBundle,
  predicateType: string,
): Promise<void> {
  const subject = await getManifest(repository, digest);
  if (subject === undefined) {
    const words = `the registry has no manifest ${digest} to attach to`;
    throw new ServerRefusal({ request: `GET ${repository}@${digest}`, status: 404, words });
  }
  const layer = await putBlob(repository, Buffer.from(JSON.stringify(bundle)), bundleMediaType);
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
      config: await putEmptyConfig(repository),
      layers: [layer],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.bytes.length },
      annotations,
    }),
  );
  const descriptor = { mediaType: manifestMediaType, digest: computeDigest(bytes), size: bytes.length };
  const answer = await putManifest(repository, descriptor.digest, { mediaType: manifestMediaType, bytes });
  // Some registries claim to keep the list themselves, but have no API that shows it (AWS ECR).
  if (answer.has("oci-subject") && (await hasReferrersApi(repository, subject.digest))) {
    return;
  }
  await enlist(repository, subject.digest, { ...descriptor, artifactType: bundleMediaType, annotations });
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

/** What this process has listed, by repository and digest: a later write adds what another writer has dropped. */
const listed = new Map<string, ListEntry[]>();

async function enlist(repository: string, digest: Digest, entry: ListEntry): Promise<void> {
  const key = `${repository}@${digest}`;
  listed.set(key, [...(listed.get(key) ?? []), entry]);
  await completeList(repository, digest);
}

/**
 * Adds to the list of a digest's attachments what this process has listed there and another writer has dropped. A registry has no
 * compare-and-set: a writer that read the list before a write drops the entry with its own. So the list is read again after a pause, and
 * completed until it has everything. Does nothing if the registry keeps the list itself.
 * @throws as attachBundle()
 */
export async function completeList(repository: string, digest: string): Promise<void> {
  const tag = nameReferrersTag(digest as Digest);
  const ours = listed.get(`${repository}@${digest}`) ?? [];
  for (let attempt = 1; ours.length > 0 && attempt <= mostWrites; attempt += 1) {
    const before = await getManifest(repository, tag);
    const { manifests, ...rest } = before
      ? readList(before, repository, tag)
      : { mediaType: indexMediaType, schemaVersion: 2 };
    const present = new Set((manifests ?? []).map(nameDigest));
    const missing = ours.filter((one) => !present.has(one.digest));
    if (missing.length === 0) {
      break;
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
}

function nameDigest(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "digest" in entry ? entry.digest : undefined;
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
