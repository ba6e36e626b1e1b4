import { checksumsName } from "../../formats/release/checksums.ts";
import { signatureNames } from "../../formats/release/file-signature.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { AssetFile } from "../../observe/source/assets.ts";

/**
 * Lists the names of all assets of a Release: the files, checksums.txt over them, the record, and the signatures of each.
 * @param files those that the Release attaches; `signed: false` for one without a bundle
 * @param signed whether the unit is signed
 */
export function listPromisedAssets(files: readonly Pick<AssetFile, "name" | "signed">[], signed: boolean): string[] {
  const made = [...(files.length > 0 ? [checksumsName] : []), recordName];
  const wanted: Pick<AssetFile, "name" | "signed">[] = [...files, ...made.map((name) => ({ name }))];
  return wanted.flatMap((file) => [file.name, ...(signed && file.signed !== false ? signatureNames(file.name) : [])]);
}
