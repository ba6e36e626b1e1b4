import { allowMissing } from "../../clients/github/github.ts";
import { findAssetSha256, deleteAsset } from "../../clients/github/release/release-assets.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { attach } from "./asset-upload.ts";
import { readAgain } from "./release-moment.ts";
import type { WantedAsset } from "./release-content.ts";
import { isSignatureOf } from "./release-signatures.ts";
import type { ReleaseWork } from "./release-work.ts";

/**
 * Gives a Release exactly the wanted assets. On our draft, a wrong or half-uploaded one is replaced and an unknown one removed;
 * on a published Release, only missing ones are added. One after another: GitHub drops parallel uploads.
 * @throws ReleaseError ASSET_CONFLICT if a published Release has other bytes under a name
 */
export async function syncAssets(work: ReleaseWork, release: Release): Promise<void> {
  const { repository, wanted } = work;
  const there = await listAssets(repository, release.id);
  const missing: { asset: WantedAsset; found: ReleaseAsset | undefined }[] = [];
  // All are compared before the first is changed: a Release in conflict stays as it is.
  for (const asset of wanted) {
    const found = there.find(({ name }) => name === asset.name);
    if (found && (await hasSameBytes(work, found, asset))) {
      continue;
    }
    if (found && !release.draft && found.state === "uploaded") {
      throw makeConflictError(release, asset, await readAssetSha256(work, found));
    }
    missing.push({ asset, found });
  }
  for (const { asset, found } of missing) {
    await upload(work, release, asset, found);
  }
  if (!release.draft) {
    return;
  }
  const strange = there.filter(
    ({ name }) => !wanted.some((asset) => asset.name === name) && !isSignatureOf(name, wanted),
  );
  for (const { id } of strange) {
    if ((await readAgain(work, release)).assets.some((asset) => asset.id === id)) {
      await allowMissing(deleteAsset(repository, id));
    }
  }
}

/**
 * Compares the wanted assets with those that are there.
 * @returns names of the wanted ones that are missing or have other bytes
 */
export async function listDifferingAssets(work: ReleaseWork, there: readonly ReleaseAsset[]): Promise<string[]> {
  const { wanted } = work;
  const same = await Promise.all(
    wanted.map(async (asset) => {
      const found = there.find(({ name }) => name === asset.name);
      return found !== undefined && (await hasSameBytes(work, found, asset));
    }),
  );
  return wanted.filter((_, at) => !same[at]).map(({ name }) => name);
}

/** The sha256 of an asset that is uploaded, in hex: GitHub's, or if it gives none, that of the bytes. */
export function readAssetSha256({ repository, seen }: ReleaseWork, asset: ReleaseAsset): Promise<string> {
  return seen.sha256(asset.id, () => findAssetSha256(repository, asset));
}

async function hasSameBytes(work: ReleaseWork, found: ReleaseAsset, wanted: WantedAsset): Promise<boolean> {
  // A failed upload leaves an empty asset in state `starter`; the REST description allows deleting it.
  return (
    found.state === "uploaded" &&
    found.size === wanted.size &&
    (await allowMissing(readAssetSha256(work, found))) === wanted.sha256
  );
}

async function upload(
  work: ReleaseWork,
  release: Release,
  asset: WantedAsset,
  old: ReleaseAsset | undefined,
): Promise<void> {
  const { progress } = work;
  let shown = 0;
  // The asset of a faster run is judged by its bytes, like ours.
  const { asset: answer } = await attach(work, release, asset, old, (bytes) => {
    const percent = Math.floor((bytes / asset.size) * 20) * 5;
    if (percent > shown) {
      progress.at(`${asset.name}: ${(shown = percent)} % of ${writeSize(asset.size)}`);
    }
  });
  if (!(await hasSameBytes(work, answer, asset))) {
    throw makeChangedFileError(asset, await readAssetSha256(work, answer));
  }
  progress.done(`${asset.name} uploaded, ${writeSize(asset.size)}`);
}

function writeSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function makeConflictError(release: Release, asset: WantedAsset, found: string): ReleaseError {
  return new ReleaseError({
    code: "ASSET_CONFLICT",
    step: `attaching ${asset.name} to the Release ${release.tag_name}`,
    reason: `the published ${asset.name} has sha256 ${found}\nthis release has sha256 ${asset.sha256}`,
    meaning: "A published file does not change: people may have downloaded it. Nothing was replaced.",
    fix: "Release the next version. If someone replaced the published file, compare it with checksums.txt.",
    rerun: "yes, but it will fail here as long as the published file differs",
  });
}

function makeChangedFileError(asset: WantedAsset, found: string): ReleaseError {
  return new ReleaseError({
    code: "ASSET_CONFLICT",
    step: `attaching ${asset.name}`,
    reason: `${asset.name} had sha256 ${asset.sha256} when the release began; GitHub received ${found}`,
    meaning:
      "The file changed while the release ran, or the upload was damaged. The Release is still a draft, which only maintainers see.",
    fix: "Make sure that nothing writes the file, then run it again.",
  });
}
