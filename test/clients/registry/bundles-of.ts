import { readAttachments } from "../../../clients/registry/referrers.ts";
import type { AttachedBounds } from "../../../clients/registry/referrers.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";

/** All bundles that are attached to a digest. */
export async function bundlesOf(repository: string, digest: string): Promise<StoredBundle[]> {
  return (await everythingAt(repository, digest)).bundles;
}

/** All that is attached to a digest: its bundles, and what is said of the rest. */
export async function everythingAt(
  repository: string,
  digest: string,
  bounds: AttachedBounds = {},
): Promise<{ bundles: StoredBundle[]; unread: string[] }> {
  const bundles: StoredBundle[] = [];
  const unread: string[] = [];
  for await (const attached of readAttachments(repository, digest, bounds)) {
    if ("bundle" in attached) {
      bundles.push(attached.bundle);
    } else {
      unread.push(attached.unread);
    }
  }
  return { bundles, unread };
}
