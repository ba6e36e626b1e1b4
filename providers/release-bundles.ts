import type { Repository } from "../clients/git-refs.ts";
import { assetText, deleteAsset, uploadAsset } from "../clients/release-assets.ts";
import { assetsOf } from "../clients/releases.ts";
import type { Release, ReleaseAsset } from "../clients/releases.ts";
import { signBlob } from "../clients/signing.ts";
import type { StoredBundle } from "../clients/signing.ts";
import type { SigstoreInstance } from "../clients/sigstore-instance.ts";
import { verifyBlob } from "../clients/verification.ts";
import type { SigningIdentity } from "../formats/signing-policy.ts";
import type { Progress } from "./progress.ts";
import type { WantedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { wrongIdentity } from "./signed-statement.ts";

/** What is appended to a file's name for its bundle. */
const suffix = ".sigstore.json";

/** Whether an asset is the bundle of one of the wanted files. */
export function isBundleOf(name: string, wanted: readonly WantedAsset[]): boolean {
  return signedAmong(wanted).some((asset) => name === asset.name + suffix);
}

/**
 * Files that are signed by themselves: those that Lockstep makes. checksums.txt has the sha256 of every other file, and the record that of
 * every file and the digest of every artifact, so that two signatures cover all.
 */
function signedAmong(wanted: readonly WantedAsset[]): WantedAsset[] {
  return wanted.filter(({ generated }) => generated);
}

/**
 * Names of the bundles that are missing or do not verify against the unit's identity; none for a unit that is not signed.
 */
export async function lackingBundles(
  repository: Repository,
  release: Release,
  wanted: readonly WantedAsset[],
  inputs: ReleaseInputs,
): Promise<string[]> {
  const { signing, sigstore } = inputs;
  if (signing === "off") return [];
  const there = await assetsOf(repository, release.id);
  const lacking = await Promise.all(
    signedAmong(wanted).map(async (asset) => {
      const bundle = await bundleOf(repository, there, asset);
      const verdict = bundle && (await verifyBlob(bundle, bytesOf(asset), signing, sigstore as SigstoreInstance));
      return verdict?.verified ? [] : [asset.name + suffix];
    }),
  );
  return lacking.flat();
}

/**
 * Signs what lacks a bundle that verifies, and attaches it in place of one that does not, on a published Release too: a bundle that does
 * not verify promises nothing. What this run signs is verified first, so that a run of another workflow takes nothing away.
 * @throws ReleaseError SIGNING_FAILED where this run is not who is expected
 */
export async function syncBundles(
  repository: Repository,
  release: Release,
  wanted: readonly WantedAsset[],
  inputs: ReleaseInputs,
  progress: Progress,
): Promise<void> {
  const lacking = await lackingBundles(repository, release, wanted, inputs);
  if (lacking.length === 0) return;
  const identity = inputs.signing as SigningIdentity;
  const sigstore = inputs.sigstore as SigstoreInstance;
  const there = await assetsOf(repository, release.id);
  for (const asset of signedAmong(wanted).filter(({ name }) => lacking.includes(name + suffix))) {
    const name = asset.name + suffix;
    const bundle = await signBlob(bytesOf(asset), sigstore);
    const verdict = await verifyBlob(bundle, bytesOf(asset), identity, sigstore);
    if (!verdict.verified)
      throw wrongIdentity(`signing ${asset.name} of ${release.tag_name}`, identity, verdict.reason);
    const text = `${JSON.stringify(bundle)}\n`;
    const old = there.find((other) => other.name === name);
    if (old) await deleteAsset(repository, old.id);
    await uploadAsset(release, { name, size: Buffer.byteLength(text), source: { text } }, () => {});
    progress.done(`${asset.name} signed`);
  }
}

async function bundleOf(
  repository: Repository,
  there: readonly ReleaseAsset[],
  { name }: WantedAsset,
): Promise<StoredBundle | undefined> {
  const found = there.find((asset) => asset.name === name + suffix && asset.state === "uploaded");
  if (!found) return undefined;
  try {
    return JSON.parse(await assetText(repository, found.id)) as StoredBundle;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function bytesOf({ source }: WantedAsset): Buffer {
  return "text" in source ? Buffer.from(source.text) : Buffer.alloc(0);
}
