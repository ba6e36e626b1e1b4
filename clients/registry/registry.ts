import { createHash } from "node:crypto";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { Digest } from "../../formats/artifact/manifest.ts";
import { readBody, mostBytes } from "../bounded-body.ts";
import { askRegistry } from "./access.ts";
import type { Access } from "./access.ts";
import { readRegistryRefusal, describeRequest } from "./refusal.ts";
import { retried } from "../retry.ts";
import { shareAnswer } from "../shared-answers.ts";

/** A manifest as the registry stores it: the digest is that of the bytes. */
export interface Manifest {
  digest: Digest;
  mediaType: string;
  bytes: Buffer;
  /** The registry's name for this version of it, for a conditional request; undefined if it sent none. */
  etag: string | undefined;
}

/** How a manifest is read. */
export interface ManifestReading {
  /** Bytes; a longer manifest is refused. Default 8 MiB. */
  most?: number;
  /** Ends the requests and the waits between them. */
  signal?: AbortSignal;
  /** What the login must allow. Default `pull`. With `pull,push`, no login delays a write that follows at once. */
  access?: Access;
}

/** The answer to a HEAD request for a manifest. */
export interface ManifestHead {
  digest: Digest;
  mediaType: string;
  /** In bytes. */
  size: number;
}

/** Media types that a manifest may have; a registry returns only accepted types. Source: OCI image-spec 1.1, Docker manifest v2.2. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "*/*",
].join(", ");

/**
 * Looks a manifest up by its digest without fetching it. For a tag, the answer is only the registry's word: getManifest() checks the bytes.
 * @returns undefined only if the registry answers 404
 * @throws ServerRefusal for every other answer, including one that names another or an invalid digest. HEAD hides the reason of a
 *   refusal, so a GET repeats the request
 */
export function headManifest(repository: string, reference: string): Promise<ManifestHead | undefined> {
  return retried(async () => {
    const answer = await askRegistry(repository, makeManifestPath(reference), {
      method: "HEAD",
      headers: { accept: manifestTypes },
    });
    if (answer.status === 404) {
      return undefined;
    }
    const named = answer.headers.get("docker-content-digest");
    if (!answer.ok || named === null) {
      const manifest = await fetchManifest(repository, reference, {});
      return manifest && { digest: manifest.digest, mediaType: manifest.mediaType, size: manifest.bytes.length };
    }
    const { success, data: digest } = Digest.safeParse(named);
    if (!success) {
      throw makeContentRefusal(answer, "HEAD", "the registry names an invalid digest");
    }
    if (reference.startsWith("sha256:") && digest !== reference) {
      throw makeContentRefusal(answer, "HEAD", `the registry names another digest (${digest})`);
    }
    return { digest, mediaType: readMediaType(answer), size: Number(answer.headers.get("content-length")) };
  });
}

/**
 * Fetches a manifest by tag or digest and checks the digest of its bytes.
 * @returns undefined only if the registry answers 404
 * @throws ServerRefusal for every other answer, including bytes that do not match the digest
 */
export function getManifest(
  repository: string,
  reference: string,
  reading: ManifestReading = {},
): Promise<Manifest | undefined> {
  return retried(() => fetchManifest(repository, reference, reading), undefined, reading.signal);
}

/**
 * Fetches a manifest as getManifest() does, and shares the answer within the run (shareAnswer): for a look, never for a decision to write.
 */
export function shareManifest(repository: string, reference: string): Promise<Manifest | undefined> {
  return shareAnswer(["manifest", repository, reference], () => getManifest(repository, reference));
}

/** Looks a manifest up as headManifest() does, and shares the answer within the run: for a look, never for a decision to write. */
export function shareManifestHead(repository: string, digest: string): Promise<ManifestHead | undefined> {
  return shareAnswer(["manifest head", repository, digest], () => headManifest(repository, digest));
}

async function fetchManifest(
  repository: string,
  reference: string,
  { most = mostBytes.manifest, signal, access = "pull" }: ManifestReading,
): Promise<Manifest | undefined> {
  const answer = await askRegistry(repository, makeManifestPath(reference), {
    headers: { accept: manifestTypes },
    access,
    ...(signal && { signal }),
  });
  const bytes = await readContent(answer, reference, most);
  if (bytes === undefined) {
    return undefined;
  }
  return {
    digest: computeDigest(bytes),
    mediaType: readMediaType(answer),
    bytes,
    etag: answer.headers.get("etag") ?? undefined,
  };
}

/**
 * Puts a manifest under a tag or its own digest. Not retried: a caller that gets no answer checks first.
 * A registry silently overwrites a tag (there is no create-only-if-absent): check before, read back after.
 * @param replaces the `etag` of the tag's former manifest: a registry that supports it refuses (412) if the tag has changed since
 * @returns the answer's headers
 * @throws ServerRefusal with the registry's words
 */
export async function putManifest(
  repository: string,
  reference: string,
  manifest: Pick<Manifest, "bytes" | "mediaType">,
  replaces?: string,
): Promise<Headers> {
  const answer = await askRegistry(repository, makeManifestPath(reference), {
    method: "PUT",
    headers: { "content-type": manifest.mediaType, ...(replaces === undefined ? {} : { "if-match": replaces }) },
    body: new Uint8Array(manifest.bytes),
  });
  if (!answer.ok) {
    throw await readRegistryRefusal(answer, "PUT");
  }
  await answer.body?.cancel();
  return answer.headers;
}

/**
 * Fetches a blob and checks the digest of its bytes.
 * @param most bytes; a longer blob is refused
 * @param signal ends the requests and the waits between them
 * @returns undefined only if the registry answers 404
 * @throws as getManifest()
 */
export function getBlob(
  repository: string,
  digest: Digest,
  { most, signal }: { most: number; signal?: AbortSignal },
): Promise<Buffer | undefined> {
  return retried(
    async () => {
      const answer = await askRegistry(repository, `blobs/${digest}`, signal && { signal });
      return readContent(answer, digest, most);
    },
    undefined,
    signal,
  );
}

/** Reads what a reference names and checks it; undefined if it is not there. */
async function readContent(answer: Response, reference: string, most: number): Promise<Buffer | undefined> {
  if (answer.status === 404) {
    await answer.body?.cancel();
    return undefined;
  }
  if (!answer.ok) {
    throw await readRegistryRefusal(answer, "GET");
  }
  const bytes = await readBody(answer, { request: describeRequest(answer, "GET"), most });
  refuseOtherBytes(answer, bytes, reference);
  return bytes;
}

/** Accepts only a tag or a digest, nothing that would lead to another path. Source: OCI distribution-spec 1.1, "Pulling manifests". */
function makeManifestPath(reference: string): string {
  if (!/^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha(?:256|512):[0-9a-f]{64,128})$/.test(reference)) {
    throw new Error(`${JSON.stringify(reference)} is neither a tag nor a digest`);
  }
  return `manifests/${reference}`;
}

function refuseOtherBytes(answer: Response, bytes: Buffer, reference: string): void {
  const [, algorithm, hex] = /^(sha256|sha512):(.+)$/.exec(reference) ?? [];
  if (algorithm === undefined) {
    return;
  }
  const found = createHash(algorithm).update(bytes).digest("hex");
  if (found !== hex) {
    throw makeContentRefusal(answer, "GET", `the registry sent other bytes (${algorithm}:${found})`);
  }
}

function makeContentRefusal(answer: Response, method: string, words: string): ServerRefusal {
  return new ServerRefusal({ request: describeRequest(answer, method), status: answer.status, words });
}

function readMediaType(answer: Response): string {
  return (answer.headers.get("content-type") ?? "").split(";", 1)[0]?.trim() ?? "";
}
