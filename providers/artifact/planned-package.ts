import { StepFailure } from "../../errors/step-failure.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import type { ChartEdits } from "../../formats/chart/pin/chart-edits.ts";
import type { ChartMistake } from "../../formats/chart/chart-mistake.ts";
import type { Vendoring } from "../../packaging/chart-folder.ts";
import { keptDependencies } from "../../packaging/kept-dependencies.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import type { PackagedChart } from "../../packaging/packaged-chart.ts";

/** What a chart's package must be: the one that the folder makes as it is, or the one that is published. */
export type PlannedPackage = { folderDigest: string } | { digest: string };

/**
 * Packages a chart again, for a step of the run that planned it.
 * @param path of the chart's folder, relative to the folder of Pulumi.yaml
 * @param planned what was known of the package when the run began
 * @param edits what is written into its files first
 * @throws StepFailure ASSET_CONFLICT if the package is not the planned one any more
 */
export async function repackageChart(
  path: string,
  planned: PlannedPackage,
  { pins, versions }: ChartEdits,
): Promise<PackagedChart> {
  const edits = { ...(pins && { pins }), ...(versions && { versions }) };
  const asItLies = await packageAgain(path, edits);
  if (isPlanned(asItLies.chart, planned)) {
    return asItLies.chart;
  }
  // The charts that helm brought when the run began do not lie in the folder.
  const withKept = await packageAgain(path, edits, keptDependencies(path));
  if (isPlanned(withKept.chart, planned)) {
    return withKept.chart;
  }
  const { chart, mistakes } = withKept.chart ? withKept : asItLies;
  if (chart === undefined) {
    const found = mistakes.map((mistake) => `${path}: ${mistake.path}: ${mistake.reason}`);
    throw makeChangedChartError(`${path} was a chart when the release began; it cannot be packaged now`, found);
  }
  const { wanted, digest } = compare(chart, planned);
  throw makeChangedChartError(`${path} had the package ${wanted} when the release began; it has ${digest} now`);
}

function packageAgain(
  path: string,
  edits: ChartEdits,
  vendoring?: Vendoring,
): Promise<{ chart: PackagedChart | undefined; mistakes: ChartMistake[] }> {
  return packageChart(path, edits, vendoring).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      const gone = { path: "the folder", reason: "is gone", example: "the folder as it was" };
      return { chart: undefined, mistakes: [gone] };
    }
    throw error;
  });
}

function isPlanned(chart: PackagedChart | undefined, planned: PlannedPackage): chart is PackagedChart {
  if (chart === undefined) {
    return false;
  }
  const { wanted, digest } = compare(chart, planned);
  return digest === wanted;
}

function compare(chart: PackagedChart, planned: PlannedPackage): { wanted: string; digest: string } {
  return "digest" in planned
    ? { wanted: planned.digest, digest: computeDigest(chart.bytes) }
    : { wanted: planned.folderDigest, digest: chart.folderDigest };
}

function makeChangedChartError(reason: string, details: readonly string[] = []): StepFailure {
  return new StepFailure({
    code: "ASSET_CONFLICT",
    reason: [reason, ...details].join("\n"),
    meaning: "The chart's folder changed while the release ran. Nothing of the changed chart was published.",
    fix: "Make sure that nothing writes in the folder, then run it again.",
  });
}
