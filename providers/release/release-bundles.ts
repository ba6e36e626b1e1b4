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

/** A signature that is to be attached. */
export interface MadeSignature {
  asset: WantedAsset;
  /** The bundle that was made; undefined if a valid one is there, and only the bare signature is missing. */
  bundle: MadeBundle | undefined;
  /** The bare signature, base64. */
  signature: string;
}

/** The text of a bundle, and the bare signature in it, base64. */
interface MadeBundle {
  text: string;
  signature: string;
}

/** Signatures to attach, and the assets that the Release had when they were made. */
export interface MadeSignatures {
  there: readonly ReleaseAsset[];
  made: readonly MadeSignature[];
}

/**
 * Signs every file without a valid bundle, and replaces bundles that do not verify, even on a published Release: they promise nothing.
 * @throws as makeSignatures() and attachSignatures()
 */
export async function syncBundles(work: ReleaseWork, release: Release): Promise<void> {
  await attachSignatures(work, release, await makeSignatures(work, release));
}

/**
 * Signs every file without a valid bundle, and attaches nothing: so this may go on while files are uploaded. Each signature is verified, so that a
 * run of another workflow removes nothing.
 * @throws ReleaseError SIGNING_FAILED if this run is not the expected signer
 */
export async function makeSignatures(work: ReleaseWork, release: Release): Promise<MadeSignatures> {
  const signing = findFileSigning(work.inputs);
  if (signing === undefined) {
    return { there: [], made: [] };
  }
  const there = await listAssets(work.repository, release.id);
  const missing = (await inspectSignatures(work, there, signing)).filter((file) => file.missing.length > 0);
  const made: MadeSignature[] = [];
  for (let done = 0; done < missing.length; done += atOnce) {
    work.progress.at(`signing files: ${done} of ${missing.length}`);
    const some = missing.slice(done, done + atOnce).map(async ({ asset, signature }) => {
      const bundle = signature === undefined ? await sign(asset, release, signing) : undefined;
      return { asset, bundle, signature: bundle?.signature ?? (signature as string) };
    });
    made.push(...(await Promise.all(some)));
  }
  return { there, made };
}

/**
 * Attaches signatures, and replaces those under their names. One after another: GitHub drops parallel uploads.
 * @throws ReleaseError RELEASE_CONFLICT if something else attached one at the same moment that does not count
 */
export async function attachSignatures(
  work: ReleaseWork,
  release: Release,
  { there, made }: MadeSignatures,
): Promise<void> {
  const signing = findFileSigning(work.inputs);
  if (signing === undefined) {
    return;
  }
  for (const { asset, bundle, signature } of made) {
    const attached = bundle ? await attachBundle(work, release, there, asset, bundle, signing) : signature;
    await attachBareSignature(work, release, there, asset, attached);
    work.progress.done(`${asset.name} signed`);
  }
}

/** Makes a bundle by this run, verifies it, and returns it with its bare signature. */
async function sign(asset: WantedAsset, release: Release, signing: FileSigning): Promise<MadeBundle> {
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
  bundle: MadeBundle,
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
