import { pushBundle, settleList } from "../../../clients/registry/attach-bundle.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";

/** Attaches a bundle to a digest and has it listed, as a signature does. */
export async function attachBundle(
  repository: string,
  digest: string,
  bundle: StoredBundle,
  predicateType: string,
): Promise<void> {
  await pushBundle(repository, digest, bundle, predicateType);
  await settleList(repository, digest);
}
