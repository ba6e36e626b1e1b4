import { isDeepStrictEqual } from "node:util";
import { computeDigest } from "../formats/artifact/digest.ts";
import type { Digest } from "../formats/artifact/manifest.ts";
import type { ChartMistake } from "../formats/chart/chart-mistake.ts";
import type { ChartMetadata } from "../formats/chart/chart-yaml.ts";
import { packChart } from "../formats/chart/package/chart-package.ts";
import { editChart } from "../formats/chart/pin/chart-edits.ts";
import type { ChartEdits } from "../formats/chart/pin/chart-edits.ts";
import { readChart } from "./chart-folder.ts";
import type { Vendoring } from "./chart-folder.ts";

/** A chart with its package. */
export interface PackagedChart {
  metadata: ChartMetadata;
  /** The `.tgz`. */
  bytes: Buffer;
  /** The digest of the package that the folder makes as it is; another one than that of `bytes` if something was written into its files. */
  folderDigest: Digest;
}

/**
 * Packages the chart in a folder. The same files make the same bytes, on every machine and at every commit.
 * @param folder relative to the current folder; it must be there
 * @param edits what is written into its files first; the folder stays as it is. Default: nothing
 * @param vendoring as in readChart()
 * @returns no chart if anything is wrong with its files: then all mistakes, with paths below the folder
 */
export async function packageChart(
  folder: string,
  edits: ChartEdits = {},
  vendoring?: Vendoring,
): Promise<{ chart: PackagedChart | undefined; mistakes: ChartMistake[] }> {
  const read = await readChart(folder, vendoring);
  if (read.chart === undefined || read.mistakes.length > 0) {
    return { chart: undefined, mistakes: read.mistakes };
  }
  const { chart, mistakes } = editChart(read.chart, edits);
  if (chart === undefined) {
    return { chart: undefined, mistakes };
  }
  const { metadata, files } = chart;
  const asItIs = await packChart(metadata.name, read.chart.files);
  const bytes = isDeepStrictEqual(edits, {}) ? asItIs : await packChart(metadata.name, files);
  return { chart: { metadata, bytes, folderDigest: computeDigest(asItIs) }, mistakes };
}
