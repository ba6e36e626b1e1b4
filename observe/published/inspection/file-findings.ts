import { mostBytes } from "../../../clients/bounded-body.ts";
import type { Repository } from "../../../clients/github/git-refs.ts";
import { computeAssetSha256, readAssetText } from "../../../clients/github/release/release-assets.ts";
import type { ReleaseAsset } from "../../../clients/github/release/releases.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import { verifyBlob } from "../../../clients/sigstore/verification.ts";
import { assetName } from "../../../formats/release/asset-name.ts";
import { bareSignatureName, bundleName, signatureNames } from "../../../formats/release/file-signature.ts";
import { recordName } from "../../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { SigningIdentity } from "../../../formats/signing/signing-policy.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** The assets of a Release. */
export interface AttachedFiles {
  repository: Repository;
  assets: readonly ReleaseAsset[];
}

/** Reads the text of an asset; undefined if there is none of that name, or it is longer than any that Lockstep writes. */
export async function readAssetOf({ repository, assets }: AttachedFiles, name: string): Promise<string | undefined> {
  const asset = assets.find((other) => other.name === name && other.size <= mostBytes.bundle);
  return asset && readAssetText(repository, asset);
}

/** Compares the sha256 of every file in a record with that of the downloaded bytes. */
export async function compareHashes({ repository, assets }: AttachedFiles, record: ReleaseRecord): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after another: a file may have 2 GiB.
  for (const [name, sha256] of Object.entries(record.assets)) {
    const asset = assets.find((other) => other.name === name);
    const found = asset && (await computeAssetSha256(repository, asset));
    findings.push(makeFinding(`${name} has the recorded sha256`, found === sha256, found));
  }
  return findings;
}

/** Names each asset that is neither in the record, nor the record, nor a bundle or a bare signature of one of them. */
export function findStrangeFiles({ assets }: AttachedFiles, record: ReleaseRecord): Finding[] {
  const recorded = [...Object.keys(record.assets), recordName];
  const known = new Set([...recorded, ...recorded.flatMap(signatureNames)]);
  const strange = assets.filter(({ name }) => !known.has(name));
  if (strange.length === 0) {
    return [makeFinding("every file of the Release is in the record", true, `${assets.length} files`)];
  }
  return strange.map(({ id, name }) =>
    makeFinding(`${assetName.test(name) ? name : `the asset ${id}`}, a file of the Release, is in the record`, false),
  );
}

/**
 * Verifies a file's bundle against a sha256, and the bare signature against the bundle.
 * @param sha256 hex, 64 digits, of the bytes that should be signed; the bytes themselves are compared elsewhere
 */
export async function verifySignatures(
  files: AttachedFiles,
  { name, sha256 }: { name: string; sha256: string },
  signing: SigningIdentity,
  sigstore: SigstoreFiles,
): Promise<Finding[]> {
  const bare = bareSignatureName(name);
  const [stored, sig] = await Promise.all([
    readAssetOf(files, bundleName(name)),
    bare === undefined ? undefined : readAssetOf(files, bare),
  ]);
  const verdict = stored === undefined ? undefined : await verifyBlob(stored, sha256, signing, sigstore);
  const found = verdict && (verdict.verified ? "verified" : verdict.reason);
  const signed = {
    ...makeFinding(`${name} is signed by ${signing.workflow}`, verdict?.verified, found),
    ...(verdict?.verified ? { signer: verdict.signer } : {}),
  };
  if (bare === undefined) {
    return [signed];
  }
  const agrees = verdict?.verified && sig?.trim() === verdict.value;
  return [signed, makeFinding(`${bare} is the signature in its bundle`, agrees, sig && (agrees ? "yes" : "another"))];
}
