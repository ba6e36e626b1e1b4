import { allowMissing } from "../../clients/github/github.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import type { ReleaseAsset } from "../../clients/github/release/releases.ts";
import { verifyBlob } from "../../clients/sigstore/verification.ts";
import type { Verdict } from "../../clients/sigstore/verification.ts";
import { bareSignatureName, bundleName, signatureNames } from "../../formats/release/file-signature.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import type { WantedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import type { ReleaseWork } from "./release-work.ts";

/** Who signs the files, and with which Sigstore. */
export interface FileSigning {
  identity: SigningIdentity;
  sigstore: SigstoreFiles;
}

/** A signed file, and the state of its signatures. */
export interface SignedFile {
  asset: WantedAsset;
  /** The bare signature in its bundle, base64; undefined if the bundle is missing or does not verify. */
  signature: string | undefined;
  /** Names of the missing assets: the bundle, the bare signature, or both. */
  missing: string[];
}

/** Who must sign the files; undefined for a unit that is not signed. */
export function findFileSigning({ signing, sigstore }: ReleaseInputs): FileSigning | undefined {
  return signing === "off" ? undefined : { identity: signing, sigstore };
}

/** Whether an asset is the bundle or the bare signature of one of the wanted files. */
export function isSignatureOf(name: string, wanted: readonly WantedAsset[]): boolean {
  return wanted.some((asset) => asset.signed && signatureNames(asset.name).includes(name));
}

/**
 * Lists bundles that are missing or do not verify against the unit's identity and the file's sha256, and bare signatures that differ from
 * those in their bundle; none for a unit that is not signed. The files themselves are not read.
 * @param there the assets of the Release
 */
export async function listMissingSignatures(work: ReleaseWork, there: readonly ReleaseAsset[]): Promise<string[]> {
  const signing = findFileSigning(work.inputs);
  return signing ? (await inspectSignatures(work, there, signing)).flatMap(({ missing }) => missing) : [];
}

/** Reads and verifies the signatures of every signed file. */
export function inspectSignatures(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  signing: FileSigning,
): Promise<SignedFile[]> {
  const { repository, seen, wanted } = work;
  const find = (name: string): ReleaseAsset | undefined =>
    there.find((asset) => asset.name === name && asset.state === "uploaded");
  return Promise.all(
    wanted
      .filter((asset) => asset.signed)
      .map(async (asset) => {
        const bundle = find(bundleName(asset.name));
        const verdict =
          bundle &&
          (await seen.verdict(bundle.id, async () => {
            const text = await allowMissing(readAssetText(repository, bundle));
            return text === undefined ? { verified: false, reason: "is gone" } : verifyFile(text, asset, signing);
          }));
        if (!verdict?.verified) {
          return { asset, signature: undefined, missing: signatureNames(asset.name) };
        }
        const name = bareSignatureName(asset.name);
        const bare = name === undefined ? undefined : find(name);
        const text = bare && (await seen.signature(bare.id, () => readBareSignature(work, bare, verdict.value)));
        const agrees = name === undefined || text?.trim() === verdict.value;
        return { asset, signature: verdict.value, missing: agrees ? [] : [name] };
      }),
  );
}

/**
 * Reads a bare signature.
 * @param expected the signature in the bundle: if GitHub names its digest, it is not downloaded
 */
async function readBareSignature(
  { repository }: ReleaseWork,
  asset: ReleaseAsset,
  expected: string,
): Promise<string | undefined> {
  return asset.digest === computeDigest(expected) ? expected : allowMissing(readAssetText(repository, asset));
}

/** Verifies a bundle against the unit's identity and the file's sha256. */
export function verifyFile(
  bundle: string,
  { sha256 }: WantedAsset,
  { identity, sigstore }: FileSigning,
): Promise<Verdict<string>> {
  return verifyBlob(bundle, sha256, identity, sigstore);
}
