import { createHash } from "node:crypto";
import type { FileSource } from "../../clients/file-source.ts";
import type { AssetContent } from "../../clients/github/release/release-assets.ts";
import { writeChecksums, checksumsName } from "../../formats/release/checksums.ts";
import { filled } from "../../formats/release/places.ts";
import { recordName, writeRecord } from "../../formats/release/release-record.ts";
import { repackageChart } from "../artifact/planned-package.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

/** An asset that the Release must have. */
export interface WantedAsset extends AssetContent {
  /** Hex, 64 digits. */
  sha256: string;
  /** True for files that Lockstep makes itself. */
  generated: boolean;
  /** True if it must have a bundle. */
  signed: boolean;
}

/** The notes with every placeholder filled. */
export function fillNotes({ notes, artifacts }: ReleaseInputs): string {
  return filled(notes, (name) => artifacts[name]?.digest);
}

/**
 * Every asset of the Release: the files and the lineages, checksums.txt over them, and the record.
 * @param lineages made, or published
 */
export function listWantedAssets(inputs: ReleaseInputs, lineages: readonly WantedAsset[]): WantedAsset[] {
  const signed = inputs.signing !== "off";
  const given = inputs.assets.map((asset) => ({
    name: asset.name,
    sha256: asset.sha256,
    size: asset.size,
    source: findSource(asset),
    generated: false,
    signed: signed && asset.signed !== false,
  }));
  const files = [...given, ...lineages];
  const unsigned = signed ? files.filter((file) => !file.signed).map(({ name }) => name) : [];
  const sums = files.length > 0 ? [makeGeneratedAsset(checksumsName, writeChecksums(files), signed)] : [];
  const record = writeRecord({
    unit: inputs.unit,
    version: inputs.version,
    revision: inputs.revision,
    gitTag: inputs.tag,
    artifacts: inputs.artifacts,
    assets: Object.fromEntries([...files, ...sums].map(({ name, sha256 }) => [name, sha256])),
    ...(unsigned.length > 0 ? { unsigned: unsigned.toSorted() } : {}),
    policy: { signing: inputs.recordedSigning ?? inputs.signing },
  });
  return [...files, ...sums, makeGeneratedAsset(recordName, record, signed)];
}

/** Nothing that is made is kept on disk: another machine may complete the Release. */
function findSource({ path, sha256, packs, pins, versions }: ReleaseInputs["assets"][number]): FileSource {
  const digest = `sha256:${sha256}`;
  return packs === undefined
    ? { path }
    : { make: async () => (await repackageChart(path, { digest }, { pins, versions })).bytes };
}

/** A file that is made of a text. */
export function makeGeneratedAsset(name: string, text: string, signed: boolean): WantedAsset {
  const bytes = Buffer.from(text);
  return {
    name,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    source: { text },
    generated: true,
    signed,
  };
}
