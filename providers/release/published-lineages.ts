import { allowMissing } from "../../clients/github/github.ts";
import { mostBytes } from "../../clients/bounded-body.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { chartIn, lineageName, readLineage } from "../../formats/release/attestation-lineage.ts";
import { bundleName } from "../../formats/release/file-signature.ts";
import { readRecord, recordName } from "../../formats/release/release-record.ts";
import { describeLeftOut, makeLineages } from "./made-lineages.ts";
import { readAssetSha256 } from "./release-assets.ts";
import { makeGeneratedAsset } from "./release-content.ts";
import type { WantedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { findFileSigning, verifyFile } from "./release-signatures.ts";
import { withLineages } from "./release-work.ts";
import type { Lineages, ReleaseWork } from "./release-work.ts";

/** A published lineage that is there, with its sha256 in hex. */
interface ShownLineage {
  asset: ReleaseAsset;
  sha256: string;
}

/**
 * The lineages as a Release shows them, without any proof: only for a look, which compares checksums.txt, the record and the signatures with
 * them. A missing one never compares as equal.
 */
export async function listShownLineages(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  leftOut: readonly string[],
): Promise<Lineages> {
  const assets = lineageNames(work.inputs).map(async (name) => {
    const shown = await findShown(work, there, name);
    return makeWanted(work.inputs, name, shown?.sha256 ?? "", shown?.asset.size ?? 0);
  });
  return { assets: await Promise.all(assets), leftOut };
}

/**
 * Goes on with the lineages of a published Release. They are never made again, because GitHub may say something else by now: each is the one that is
 * there, if its signature or the signed record proves it. One that was removed is only restored if it can be made with the recorded sha256.
 * @throws StepFailure SIGNATURE_MISSING, ASSET_CONFLICT
 */
export async function withPublishedLineages(work: ReleaseWork, release: Release): Promise<ReleaseWork> {
  const names = lineageNames(work.inputs);
  if (names.length === 0) {
    return work;
  }
  const there = await listAssets(work.repository, release.id);
  const found = await Promise.all(names.map((name) => findShown(work, there, name)));
  // Usually they are those that this run has made and published.
  if (
    names.every((name, at) => work.lineages.assets.some((own) => own.name === name && own.sha256 === found[at]?.sha256))
  ) {
    return work;
  }
  const lineages = await Promise.all(
    names.map(async (name, at) => {
      const shown = found[at];
      return shown === undefined ? restore(work, there, name) : keep(work, there, name, shown);
    }),
  );
  return withLineages(work, {
    assets: lineages.flatMap(({ assets }) => assets),
    leftOut: lineages.flatMap(({ leftOut }) => leftOut),
  });
}

function lineageNames({ lineages = [], artifacts }: ReleaseInputs): string[] {
  return lineages.map((name) => lineageName(chartIn(artifacts[name]?.repository ?? "")));
}

async function findShown(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  name: string,
): Promise<ShownLineage | undefined> {
  const asset = findUploaded(there, name);
  return asset && { asset, sha256: await readAssetSha256(work, asset) };
}

function findUploaded(there: readonly ReleaseAsset[], name: string): ReleaseAsset | undefined {
  return there.find((asset) => asset.name === name && asset.state === "uploaded");
}

/** @returns the lineage that is there, or the recorded one, from which it then differs: it is never replaced */
async function keep(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  name: string,
  { asset, sha256 }: ShownLineage,
): Promise<Lineages> {
  const isProved = await isSigned(work, there, name, sha256);
  const recorded = isProved ? sha256 : await findRecorded(work, there, name);
  if (recorded === undefined && work.inputs.signing !== "off") {
    throw makeUnprovedError(name);
  }
  const text = await readAssetText(work.repository, asset, mostBytes.record);
  const wanted = makeGeneratedAsset(name, text, work.inputs.signing !== "off");
  const isWhole = wanted.sha256 === (recorded ?? sha256);
  return {
    // The bytes are needed if a signature must be made again.
    assets: [isWhole ? wanted : makeWanted(work.inputs, name, recorded ?? sha256, asset.size)],
    leftOut: describeLeftOut(name, readLeftOut(text)),
  };
}

async function restore(work: ReleaseWork, there: readonly ReleaseAsset[], name: string): Promise<Lineages> {
  const recorded = await findRecorded(work, there, name);
  const made = await makeLineages(work.inputs);
  const assets = made.assets.filter((asset) => asset.name === name);
  if (assets.some(({ sha256 }) => recorded !== undefined && sha256 !== recorded)) {
    throw makeLostError(name, recorded);
  }
  return { assets, leftOut: made.leftOut.filter((line) => line.startsWith(`${name}: `)) };
}

/** Whether the bundle of a file verifies. Never so for a unit that is not signed. */
async function isSigned(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  name: string,
  sha256: string,
): Promise<boolean> {
  const signing = findFileSigning(work.inputs);
  const bundle = findUploaded(there, bundleName(name));
  if (signing === undefined || bundle === undefined) {
    return false;
  }
  const text = await allowMissing(readAssetText(work.repository, bundle));
  const asset = makeWanted(work.inputs, name, sha256, 0);
  return text !== undefined && (await verifyFile(text, asset, signing)).verified;
}

/** The sha256 of a file in the published record; undefined if it has none, or, for a signed unit, if its bundle does not verify. */
async function findRecorded(
  work: ReleaseWork,
  there: readonly ReleaseAsset[],
  name: string,
): Promise<string | undefined> {
  const asset = findUploaded(there, recordName);
  const text = asset && (await allowMissing(readAssetText(work.repository, asset, mostBytes.record)));
  if (text === undefined) {
    return undefined;
  }
  const sha256 = computeDigest(text).slice("sha256:".length);
  const counts = work.inputs.signing === "off" || (await isSigned(work, there, recordName, sha256));
  return counts ? readRecord(text)?.assets[name] : undefined;
}

function readLeftOut(text: string): string[] {
  try {
    return readLineage(text).leftOut;
  } catch (error) {
    return [`not readable: ${(error as Error).message}`];
  }
}

/** A file that is compared, and never uploaded. */
function makeWanted({ signing }: ReleaseInputs, name: string, sha256: string, size: number): WantedAsset {
  return { name, sha256, size, source: { text: "" }, generated: true, signed: signing !== "off" };
}

function makeUnprovedError(name: string): StepFailure {
  return new StepFailure({
    code: "SIGNATURE_MISSING",
    reason: `${name} has no signature of this unit's workflow, and neither has ${recordName}`,
    meaning:
      "The Release is public, and nothing proves that this file is the one that was published. A published lineage is not made again, so nothing was signed.",
    fix: `Find out who removed the signatures. If you have a copy of ${bundleName(name)}, attach it again; else release the next version.`,
    rerun: "yes, but it will fail here until the signature is back",
  });
}

function makeLostError(name: string, recorded: string | undefined): StepFailure {
  return new StepFailure({
    code: "ASSET_CONFLICT",
    reason: `${name} was removed from the published Release; it had sha256 ${recorded}, and GitHub says something else by now`,
    meaning:
      "A lineage says what GitHub knew when the version was published, so it cannot be made again. Nothing was attached.",
    fix: "Attach your copy of the file again: the record names its sha256. Without a copy, release the next version.",
    rerun: "yes, but it will fail here until the file is back",
  });
}
