import { askRegistry } from "./access.ts";
import { readRegistryRefusal } from "./refusal.ts";
import { retried } from "../retry.ts";

/**
 * Opens an upload session in a repository and never fills it: if the registry would refuse a push, it refuses this in the same
 * words. The session is empty and not visible to others, and it expires by itself (GHCR has no request that ends it).
 * Source: OCI distribution-spec 1.1.1, "Pushing a blob in chunks".
 * @param repository with its registry
 * @throws ServerRefusal with the registry's words if this login may not push
 */
export function openUploadSession(repository: string): Promise<void> {
  return retried(async () => {
    const answer = await askRegistry(repository, "blobs/uploads/", { method: "POST" });
    if (!answer.ok) {
      throw await readRegistryRefusal(answer, "POST");
    }
    await answer.body?.cancel();
  });
}
