import { ReleaseError } from "../../errors/release-error.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { signatureNames } from "../../formats/release/file-signature.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { AssetFile } from "../../observe/source/assets.ts";

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
  const made = [...(files.length > 0 ? [checksumsName] : []), recordName];
  const wanted: Pick<AssetFile, "name" | "signed">[] = [...files, ...made.map((name) => ({ name }))];
  const promised = wanted.flatMap((file) => [
    file.name,
    ...(signed && file.signed !== false ? signatureNames(file.name) : []),
  ]);
  const missing = promised.filter((name) => !release.frozen?.includes(name));
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
