import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { askRegistry, readLocation } from "./access.ts";
import { readRegistryRefusal, describeRequest } from "./refusal.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";

/** A manifest's description of a blob. */
export interface BlobDescriptor {
  mediaType: string;
  digest: Digest;
  /** In bytes. */
  size: number;
}

/**
 * Puts a small blob into a repository, without checking whether it exists. Not retried: a caller that gets no answer may repeat it.
 * Source: OCI distribution-spec 1.1, "Pushing a blob monolithically: POST then PUT".
 * @throws ServerRefusal with the registry's words, or for an unusable upload address
 */
export async function putBlob(repository: string, bytes: Buffer, mediaType: string): Promise<BlobDescriptor> {
  const digest = computeDigest(bytes);
  const opened = await askRegistry(repository, "blobs/uploads/", { method: "POST" });
  if (!opened.ok) {
    throw await readRegistryRefusal(opened, "POST");
  }
  await opened.body?.cancel();
  const address = readLocation(opened, repository);
  if (address === undefined) {
    const words = "the registry names no https address for the upload";
    throw new ServerRefusal({ request: describeRequest(opened, "POST"), status: opened.status, words });
  }
  address.searchParams.set("digest", digest);
  const init = {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  };
  const stored = await askRegistry(repository, address, init);
  if (!stored.ok) {
    throw await readRegistryRefusal(stored, "PUT");
  }
  await stored.body?.cancel();
  return { mediaType, digest, size: bytes.length };
}

/** Whether a repository has a blob. */
export async function hasBlob(repository: string, digest: Digest): Promise<boolean> {
  const answer = await askRegistry(repository, `blobs/${digest}`, { method: "HEAD" });
  return answer.ok;
}
