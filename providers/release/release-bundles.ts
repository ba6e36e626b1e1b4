import { signBlob } from "../../clients/sigstore/blob-signing.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { allowMissing } from "../../clients/github/github.ts";
import { readAssetText, deleteAsset } from "../../clients/github/release/release-assets.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyBlob } from "../../clients/sigstore/verification.ts";
import type { Verdict } from "../../clients/sigstore/verification.ts";
import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { bareSignatureName, bundleName, signatureNames } from "../../formats/release/file-signature.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import { attach } from "./asset-upload.ts";
import type { Progress } from "../host/progress.ts";
import type { WantedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { makeIdentityError } from "../artifact/signed-statement.ts";

/** How many files are signed at once: Rekor 2 may take ten seconds for each, and the asset uploads wait. */
const atOnce = 4;

/** A signed file, and the state of its signatures. */
interface Look {
  asset: WantedAsset;
  /** The bare signature in its bundle, base64; undefined if the bundle is missing or does not verify. */
  signature: string | undefined;
  /** Names of the missing assets: the bundle, the bare signature, or both. */
  missing: string[];
}

/** Who signs the files, and with which Sigstore. */
interface Signing {
  identity: SigningIdentity;
  sigstore: SigstoreFiles;
}

/** Whether an asset is the bundle or the bare signature of one of the wanted files. */
export function isBundleOf(name: string, wanted: readonly WantedAsset[]): boolean {
  return selectSigned(wanted).some((asset) => signatureNames(asset.name).includes(name));
}

/**
 * Lists bundles that are missing or do not verify against the unit's identity and the file's sha256, and bare signatures that differ from
 * those in their bundle; none for a unit that is not signed. The files themselves are not read.
 */
export async function findMissingBundles(
  repository: Repository,
  release: Release,
  wanted: readonly WantedAsset[],
  inputs: ReleaseInputs,
): Promise<string[]> {
  const signing = toSigning(inputs);
  return signing ? (await inspectAll(repository, release, wanted, signing)).flatMap(({ missing }) => missing) : [];
}

/**
 * Signs every file without a valid bundle, and replaces bundles that do not verify, even on a published Release: they promise nothing. Each
 * new signature is verified first, so that a run of another workflow removes nothing.
 * @throws ReleaseError SIGNING_FAILED if this run is not the expected signer
 */
export async function syncBundles(
  repository: Repository,
  release: Release,
  wanted: readonly WantedAsset[],
  inputs: ReleaseInputs,
  progress: Progress,
): Promise<void> {
  const signing = toSigning(inputs);
  const all = signing ? await inspectAll(repository, release, wanted, signing) : [];
  const missing = all.filter((look) => look.missing.length > 0);
  if (signing === undefined || missing.length === 0) {
    return;
  }
  const there = await listAssets(repository, release.id);
  for (let done = 0; done < missing.length; done += atOnce) {
    const some = missing.slice(done, done + atOnce);
    progress.at(`signing files: ${done} of ${missing.length}`);
    const bundles = await Promise.all(
      some.map(({ asset, signature }) => (signature === undefined ? sign(asset, release, signing) : undefined)),
    );
    // One after another: GitHub drops parallel uploads.
    for (const [at, { asset, signature }] of some.entries()) {
      const bundle = bundles[at];
      const attached = bundle
        ? await attachBundle(repository, release, there, asset, bundle, signing)
        : (signature as string);
      await attachBareSignature(repository, release, there, asset, attached);
      progress.done(`${asset.name} signed`);
    }
  }
}

/** @returns undefined for a unit that is not signed */
function toSigning({ signing, sigstore }: ReleaseInputs): Signing | undefined {
  return signing === "off" ? undefined : { identity: signing, sigstore };
}

function selectSigned(wanted: readonly WantedAsset[]): WantedAsset[] {
  return wanted.filter((asset) => asset.signed);
}

async function inspectAll(
  repository: Repository,
  release: Release,
  wanted: readonly WantedAsset[],
  signing: Signing,
): Promise<Look[]> {
  const files = selectSigned(wanted);
  if (files.length === 0) {
    return [];
  }
  const there = await listAssets(repository, release.id);
  return Promise.all(
    files.map(async (asset) => {
      const text = await readText(repository, there, bundleName(asset.name));
      const verdict = text === undefined ? undefined : await verify(text, asset, signing);
      if (!verdict?.verified) {
        return { asset, signature: undefined, missing: signatureNames(asset.name) };
      }
      const bare = bareSignatureName(asset.name);
      const agrees = bare === undefined || (await readText(repository, there, bare))?.trim() === verdict.value;
      return { asset, signature: verdict.value, missing: agrees ? [] : [bare] };
    }),
  );
}

async function readText(
  repository: Repository,
  there: readonly ReleaseAsset[],
  name: string,
): Promise<string | undefined> {
  const found = there.find((asset) => asset.name === name && asset.state === "uploaded");
  return found && readAssetText(repository, found);
}

function verify(text: string, { sha256 }: WantedAsset, { identity, sigstore }: Signing): Promise<Verdict<string>> {
  return verifyBlob(text, sha256, identity, sigstore);
}

/** Makes a bundle by this run, verifies it, and returns it with its bare signature. */
async function sign(
  asset: WantedAsset,
  release: Release,
  signing: Signing,
): Promise<{ text: string; signature: string }> {
  const text = `${JSON.stringify(await signBlob(asset, signing.sigstore))}\n`;
  const verdict = await verify(text, asset, signing);
  if (verdict.verified) {
    return { text, signature: verdict.value };
  }
  const step = `signing ${asset.name} of ${release.tag_name}`;
  throw explainError(makeIdentityError(signing.identity, verdict.reason), step);
}

/** @returns the bare signature in the bundle that is there now: ours, or one by a simultaneous run that also verifies */
async function attachBundle(
  repository: Repository,
  release: Release,
  there: readonly ReleaseAsset[],
  asset: WantedAsset,
  bundle: { text: string; signature: string },
  signing: Signing,
): Promise<string> {
  const name = bundleName(asset.name);
  const twin = await replace(repository, release, there, name, bundle.text);
  if (twin === undefined) {
    return bundle.signature;
  }
  const verdict = await verify(twin, asset, signing);
  if (!verdict.verified) {
    throw makeTakenNameError(name, release, verdict.reason);
  }
  return verdict.value;
}

async function attachBareSignature(
  repository: Repository,
  release: Release,
  there: readonly ReleaseAsset[],
  { name: file }: WantedAsset,
  signature: string,
): Promise<void> {
  const name = bareSignatureName(file);
  if (name === undefined) {
    return;
  }
  const twin = await replace(repository, release, there, name, signature);
  if (twin !== undefined && twin.trim() !== signature) {
    throw makeTakenNameError(name, release, "is not the signature in the bundle");
  }
}

/** @returns undefined if the asset under the name is ours, else the text that a simultaneous run put there first */
async function replace(
  repository: Repository,
  release: Release,
  there: readonly ReleaseAsset[],
  name: string,
  text: string,
): Promise<string | undefined> {
  const old = there.find((asset) => asset.name === name);
  if (old) {
    await allowMissing(deleteAsset(repository, old.id));
  }
  const size = Buffer.byteLength(text);
  const { asset, ours } = await attach(repository, release, { name, size, source: { text } });
  return ours ? undefined : readAssetText(repository, asset);
}

function makeTakenNameError(name: string, release: Release, reason: string): ReleaseError {
  return new ReleaseError({
    code: "RELEASE_CONFLICT",
    step: `attaching ${name} to the Release ${release.tag_name}`,
    reason: `something else attached ${name} at the same moment, and it does not count: ${reason}`,
    meaning: "The signature of this run was not attached. Nothing was published by this step.",
    fix: "Find out who else writes there (two runs of one lane at a time?), then run it again: it replaces signatures that do not verify.",
  });
}
