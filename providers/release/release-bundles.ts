import { signBlob } from "../../clients/sigstore/blob-signing.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { bareSignatureName, bundleName } from "../../formats/release/file-signature.ts";
import { makeIdentityError } from "../artifact/signed-statement.ts";
import { attach } from "./asset-upload.ts";
import type { WantedAsset } from "./release-content.ts";
import { findFileSigning, inspectSignatures, verifyFile } from "./release-signatures.ts";
import type { FileSigning } from "./release-signatures.ts";
import type { ReleaseWork } from "./release-work.ts";

/** How many files are signed at once: Rekor 2 may take ten seconds for each, and the asset uploads wait. */
const atOnce = 4;

/**
 * Signs every file without a valid bundle, and replaces bundles that do not verify, even on a published Release: they promise nothing. Each
 * new signature is verified first, so that a run of another workflow removes nothing.
 * @throws ReleaseError SIGNING_FAILED if this run is not the expected signer
 */
export async function syncBundles(work: ReleaseWork, release: Release): Promise<void> {
  const { repository, inputs, progress } = work;
  const signing = findFileSigning(inputs);
  if (signing === undefined) {
    return;
  }
  const there = await listAssets(repository, release.id);
  const missing = (await inspectSignatures(work, there, signing)).filter((file) => file.missing.length > 0);
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
        ? await attachBundle(work, release, there, asset, bundle, signing)
        : (signature as string);
      await attachBareSignature(work, release, there, asset, attached);
      progress.done(`${asset.name} signed`);
    }
  }
}

/** Makes a bundle by this run, verifies it, and returns it with its bare signature. */
async function sign(
  asset: WantedAsset,
  release: Release,
  signing: FileSigning,
): Promise<{ text: string; signature: string }> {
  const text = `${JSON.stringify(await signBlob(asset, signing.sigstore))}\n`;
  const verdict = await verifyFile(text, asset, signing);
  if (verdict.verified) {
    return { text, signature: verdict.value };
  }
  const step = `signing ${asset.name} of ${release.tag_name}`;
  throw explainError(makeIdentityError(signing.identity, verdict.reason), step);
}

/** @returns the bare signature in the bundle that is there now: ours, or one by a simultaneous run that also verifies */
async function attachBundle(
  work: ReleaseWork,
  release: Release,
  there: readonly ReleaseAsset[],
  asset: WantedAsset,
  bundle: { text: string; signature: string },
  signing: FileSigning,
): Promise<string> {
  const name = bundleName(asset.name);
  const twin = await replace(work, release, there, name, bundle.text);
  if (twin === undefined) {
    return bundle.signature;
  }
  const verdict = await verifyFile(twin, asset, signing);
  if (!verdict.verified) {
    throw makeTakenNameError(name, release, verdict.reason);
  }
  return verdict.value;
}

async function attachBareSignature(
  work: ReleaseWork,
  release: Release,
  there: readonly ReleaseAsset[],
  { name: file }: WantedAsset,
  signature: string,
): Promise<void> {
  const name = bareSignatureName(file);
  if (name === undefined) {
    return;
  }
  const twin = await replace(work, release, there, name, signature);
  if (twin !== undefined && twin.trim() !== signature) {
    throw makeTakenNameError(name, release, "is not the signature in the bundle");
  }
}

/** @returns undefined if the asset under the name is ours, else the text that a simultaneous run put there first */
async function replace(
  work: ReleaseWork,
  release: Release,
  there: readonly ReleaseAsset[],
  name: string,
  text: string,
): Promise<string | undefined> {
  const old = there.find((asset) => asset.name === name);
  const size = Buffer.byteLength(text);
  const { asset, ours } = await attach(work, release, { name, size, source: { text } }, old);
  return ours ? undefined : readAssetText(work.repository, asset);
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
