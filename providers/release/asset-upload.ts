import type { Repository } from "../../clients/github/git-refs.ts";
import { uploadAsset } from "../../clients/github/release/release-assets.ts";
import type { AssetContent } from "../../clients/github/release/release-assets.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";

/** The asset under a name after an upload. */
export interface Attached {
  asset: ReleaseAsset;
  /** False if another run was faster: its bytes must still be checked. */
  ours: boolean;
}

/**
 * Attaches a file under a name that was free a moment ago.
 * @param onProgress called with the number of bytes sent so far
 * @throws ServerRefusal; 422 if the asset there is incomplete
 */
export async function attach(
  repository: Repository,
  release: Release,
  content: AssetContent,
  onProgress: (bytes: number) => void = () => {},
): Promise<Attached> {
  try {
    return { asset: await uploadAsset(release, content, onProgress), ours: true };
  } catch (error) {
    if (!(error instanceof ServerRefusal && error.status === 422 && /already_exists/.test(error.words))) {
      throw error;
    }
    const asset = (await listAssets(repository, release.id)).find(({ name }) => name === content.name);
    if (asset?.state !== "uploaded") {
      throw error;
    }
    return { asset, ours: false };
  }
}
