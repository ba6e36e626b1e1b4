import { createHash } from "node:crypto";
import { askRegistry, registryRefusal } from "./registry-access.ts";
import { retried } from "./retry.ts";

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`;

/** A manifest as the registry keeps it: the bytes are what the digest is of. */
export interface Manifest {
  digest: Digest;
  mediaType: string;
  bytes: Buffer;
}

/** What a HEAD tells of a manifest. */
export interface ManifestHead {
  digest: Digest;
  mediaType: string;
  /** In bytes. */
  size: number;
}

/** Media types that a manifest may have; a registry gives only those that are accepted. Source: OCI image-spec 1.1, Docker manifest v2.2. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "*/*",
].join(", ");

/** The digest of bytes. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * Looks a manifest up by tag or digest without fetching it.
 * @returns undefined only where the registry says 404
 * @throws ServerRefusal for every other answer; HEAD hides the reason of a refusal, so it is asked for again with GET
 */
export function headManifest(repository: string, reference: string): Promise<ManifestHead | undefined> {
  return retried(async () => {
    const answer = await askRegistry(repository, `manifests/${reference}`, {
      method: "HEAD",
      headers: { accept: manifestTypes },
    });
    if (answer.status === 404) return undefined;
    const digest = answer.headers.get("docker-content-digest");
    if (!answer.ok || digest === null) {
      const manifest = await fetchManifest(repository, reference);
      return manifest && { digest: manifest.digest, mediaType: manifest.mediaType, size: manifest.bytes.length };
    }
    return {
      digest: digest as Digest,
      mediaType: mediaTypeOf(answer),
      size: Number(answer.headers.get("content-length")),
    };
  });
}

/**
 * Fetches a manifest by tag or digest and checks the digest of its bytes.
 * @returns undefined only where the registry says 404
 * @throws ServerRefusal for every other answer; Error where the bytes are not what the digest says
 */
export function getManifest(repository: string, reference: string): Promise<Manifest | undefined> {
  return retried(() => fetchManifest(repository, reference));
}

async function fetchManifest(repository: string, reference: string): Promise<Manifest | undefined> {
  const answer = await askRegistry(repository, `manifests/${reference}`, { headers: { accept: manifestTypes } });
  if (answer.status === 404) {
    await answer.body?.cancel();
    return undefined;
  }
  if (!answer.ok) throw await registryRefusal(answer, "GET");
  const bytes = Buffer.from(await answer.arrayBuffer());
  const digest = digestOf(bytes);
  if (reference.startsWith("sha256:") && digest !== reference) {
    throw new Error(`${repository}@${reference}: the registry sent other bytes (${digest})`);
  }
  return { digest, mediaType: mediaTypeOf(answer), bytes };
}

/**
 * Puts a manifest under a tag or its own digest. Not retried: a caller that gets no answer looks first.
 * A registry overwrites a tag without asking (there is no create-only-if-absent): look before, read back after.
 * @throws ServerRefusal with the registry's words
 */
export async function putManifest(
  repository: string,
  reference: string,
  manifest: Pick<Manifest, "bytes" | "mediaType">,
): Promise<void> {
  const answer = await askRegistry(repository, `manifests/${reference}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body: new Uint8Array(manifest.bytes),
  });
  if (!answer.ok) throw await registryRefusal(answer, "PUT");
  await answer.body?.cancel();
}

/**
 * Fetches a small blob and checks the digest of its bytes.
 * @returns undefined only where the registry says 404
 */
export function getBlob(repository: string, digest: string): Promise<Buffer | undefined> {
  return retried(async () => {
    const answer = await askRegistry(repository, `blobs/${digest}`);
    if (answer.status === 404) {
      await answer.body?.cancel();
      return undefined;
    }
    if (!answer.ok) throw await registryRefusal(answer, "GET");
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (digestOf(bytes) !== digest) throw new Error(`${repository}@${digest}: the registry sent other bytes`);
    return bytes;
  });
}

function mediaTypeOf(answer: Response): string {
  return (answer.headers.get("content-type") ?? "").split(";", 1)[0]?.trim() ?? "";
}
