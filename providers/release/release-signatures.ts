import { createHash } from "node:crypto";
import { allowMissing } from "../../clients/github/github.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import type { ReleaseAsset } from "../../clients/github/release/releases.ts";
import { verifyBlob } from "../../clients/sigstore/verification.ts";
import type { Verdict } from "../../clients/sigstore/verification.ts";
import type { SigningRun } from "../../clients/github/release/signed-record.ts";
import { recordName } from "../../formats/release/release-record.ts";
import { bareSignatureName, bundleName, signatureNames } from "../../formats/release/file-signature.ts";
import { writeSortedJson } from "../../formats/sorted-json.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import type { WantedAsset } from "./release-content.ts";
import type { KnownSignatures, ReleaseInputs } from "./release-inputs.ts";
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
  /** The run that signed it; undefined like `signature`. */
  signer: SigningRun | undefined;
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

/** The signatures of a Release at one look. */
export interface SignaturesLook {
  /** Names of bundles that are missing or do not verify, and of bare signatures that differ from those in their bundle. */
  missing: string[];
  /** For the state; undefined if something is missing, if GitHub does not name the digest of each, or for a unit that is not signed. */
  known: KnownSignatures | undefined;
}

/**
 * Verifies the bundle of every signed file against the unit's identity and the file's sha256. The files themselves are not read.
 * @param there the assets of the Release
 * @param before what the state remembers: if GitHub names the same digests, nothing is read. Default: everything is
 */
export async function lookAtSignatures(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  before?: KnownSignatures,
): Promise<SignaturesLook> {
  const signing = findFileSigning(work.inputs);
  if (signing === undefined) {
    return { missing: [], known: undefined };
  }
  const of = summarizeSignatures(work.wanted, there, signing);
  if (of !== undefined && of === before?.of) {
    return { missing: [], known: before };
  }
  const files = await inspectSignatures(work, there, signing);
  const missing = files.flatMap((file) => file.missing);
  const signer = files.find(({ asset }) => asset.name === recordName)?.signer;
  const isKnown = of !== undefined && signer !== undefined && missing.length === 0;
  const { repository, commit } = signer ?? {};
  return {
    missing,
    known:
      isKnown && repository !== undefined && commit !== undefined
        ? { of, recordSigner: { repository, commit } }
        : undefined,
  };
}

/** @returns undefined if a signature is not there, or GitHub does not name its digest */
function summarizeSignatures(
  wanted: readonly WantedAsset[],
  there: readonly ReleaseAsset[],
  signing: FileSigning,
): string | undefined {
  const signed = wanted.filter((asset) => asset.signed);
  const digests = signed.flatMap(({ name }) =>
    signatureNames(name).map((signature) => {
      const asset = there.find((other) => other.name === signature && other.state === "uploaded");
      return [signature, asset?.digest ?? undefined] as const;
    }),
  );
  if (digests.some(([, digest]) => digest === undefined)) {
    return undefined;
  }
  const files = signed.map(({ name, sha256 }) => [name, sha256]);
  return createHash("sha256")
    .update(writeSortedJson([files, digests, signing]))
    .digest("hex");
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
          return { asset, signature: undefined, signer: undefined, missing: signatureNames(asset.name) };
        }
        const name = bareSignatureName(asset.name);
        const bare = name === undefined ? undefined : find(name);
        const text = bare && (await seen.signature(bare.id, () => allowMissing(readAssetText(repository, bare))));
        const agrees = name === undefined || text?.trim() === verdict.value;
        return { asset, signature: verdict.value, signer: verdict.signer, missing: agrees ? [] : [name] };
      }),
  );
}

/** Verifies a bundle against the unit's identity and the file's sha256. */
export function verifyFile(
  bundle: string,
  { sha256 }: WantedAsset,
  { identity, sigstore }: FileSigning,
): Promise<Verdict<string>> {
  return verifyBlob(bundle, sha256, identity, sigstore);
}
