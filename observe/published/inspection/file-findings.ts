import { mostBytes } from "../../../clients/bounded-body.ts";
import type { Repository } from "../../../clients/github/git-refs.ts";
import { computeAssetSha256, readAssetText } from "../../../clients/github/release/release-assets.ts";
import type { ReleaseAsset } from "../../../clients/github/release/releases.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import { verifyBlob } from "../../../clients/sigstore/verification.ts";
import { assetName } from "../../../formats/release/asset-name.ts";
import { bareSignatureName, bundleName, signatureNames } from "../../../formats/release/file-signature.ts";
import { checksumsName } from "../../../formats/release/checksums.ts";
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

/**
 * Names each asset that is neither in the record, nor the record, nor a bundle or a bare signature of one of them. A bundle of a file
 * that has none according to the record is strange.
 */
export function findStrangeFiles({ assets }: AttachedFiles, record: ReleaseRecord): Finding[] {
  const signed = [...Object.keys(record.assets).filter((name) => isSigned(name, record)), recordName];
  const known = new Set([...Object.keys(record.assets), recordName, ...signed.flatMap(signatureNames)]);
  const strange = assets.filter(({ name }) => !known.has(name));
  if (strange.length === 0) {
    return [makeFinding("every file of the Release is in the record", true, `${assets.length} files`)];
  }
  return strange.map(({ id, name }) =>
    makeFinding(`${assetName.test(name) ? name : `the asset ${id}`}, a file of the Release, is in the record`, false),
  );
}

/** Whether a recorded file of a unit that is signed must have a bundle. checksums.txt must, whatever a record says. */
function isSigned(name: string, { unsigned = [] }: ReleaseRecord): boolean {
  return name === checksumsName || !unsigned.includes(name);
}

/**
 * Verifies the bundle of every recorded file that has one. A file without a bundle must be in checksums.txt, with the recorded sha256.
 */
export async function verifyFiles(
  files: AttachedFiles,
  record: ReleaseRecord,
  signing: SigningIdentity,
  sigstore: SigstoreFiles,
): Promise<Finding[]> {
  const recorded = Object.entries(record.assets).map(([name, sha256]) => ({ name, sha256 }));
  const { signed = [], listed = [] } = Object.groupBy(recorded, ({ name }) =>
    isSigned(name, record) ? "signed" : "listed",
  );
  const [verified, sums] = await Promise.all([
    Promise.all(signed.map((file) => verifySignatures(files, file, signing, sigstore))),
    listed.length > 0 ? readAssetOf(files, checksumsName) : undefined,
  ]);
  const lines = sums?.split("\n") ?? [];
  return [
    ...verified.flat(),
    ...listed.map(({ name, sha256 }) => {
      const isListed = lines.includes(`${sha256}  ${name}`);
      return makeFinding(
        `${checksumsName} vouches for ${name}, which has no signature of its own`,
        isListed,
        sums === undefined ? undefined : isListed ? "the recorded sha256" : "another sha256, or no line",
      );
    }),
  ];
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
