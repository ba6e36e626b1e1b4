import { ReleaseError } from "../../errors/release-error.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { AssetFile } from "../../observe/source/assets.ts";
import { listPromisedAssets } from "./promised-assets.ts";

/**
 * Refuses a version whose Release is published, immutable and incomplete: it can no longer be completed.
 * @param unitVersion `app@1.2.3`
 * @param files those that the Release attaches; `signed: false` for one without a bundle
 * @param signed whether the unit is signed
 * @throws ReleaseError RELEASE_IMMUTABLE, before anything is built
 */
export function refuseBurnt(
  unitVersion: string,
  { release }: PublishedUnit,
  files: readonly Pick<AssetFile, "name" | "signed">[],
  signed: boolean,
): void {
  if (release?.owner !== unitVersion || release.frozen === undefined) {
    return;
  }
  const missing = listPromisedAssets(files, signed).filter((name) => !release.frozen?.includes(name));
  if (missing.length === 0) {
    return;
  }
  throw new ReleaseError({
    code: "RELEASE_IMMUTABLE",
    step: `planning ${unitVersion}`,
    reason: `${release.url} is immutable, and has no ${missing.join(", ")}`,
    meaning:
      "GitHub does not allow adding assets to an immutable Release: this version stays incomplete. Nothing was built.",
    fix: "Release the next version.",
    rerun: "it is safe, but it cannot succeed for this version",
  });
}
