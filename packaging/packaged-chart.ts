import type { ChartMistake } from "../formats/chart/chart-mistake.ts";
import type { ChartMetadata } from "../formats/chart/chart-yaml.ts";
import { packChart } from "../formats/chart/package/chart-package.ts";
import { readChart } from "./chart-folder.ts";

/** A chart with its package. */
export interface PackagedChart {
  metadata: ChartMetadata;
  /** The `.tgz`. */
  bytes: Buffer;
}

/**
 * Packages the chart in a folder. The same files make the same bytes, on every machine and at every commit.
 * @param folder relative to the current folder; it must be there
 * @returns no chart if anything is wrong with its files: then all mistakes, with paths below the folder
 */
export async function packageChart(
  folder: string,
): Promise<{ chart: PackagedChart | undefined; mistakes: ChartMistake[] }> {
  const { chart, mistakes } = await readChart(folder);
  if (chart === undefined || mistakes.length > 0) {
    return { chart: undefined, mistakes };
  }
  const { metadata, files } = chart;
  return { chart: { metadata, bytes: await packChart(metadata.name, files) }, mistakes };
}
