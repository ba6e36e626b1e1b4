import { StepFailure } from "../../errors/step-failure.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import type { ChartEdits } from "../../formats/chart/pin/chart-edits.ts";
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
  const { chart, mistakes } = await packageChart(path, edits).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return { chart: undefined, mistakes: [{ path: "the folder", reason: "is gone" }] };
    }
    throw error;
  });
  if (chart === undefined) {
    const found = mistakes.map((mistake) => `${path}: ${mistake.path}: ${mistake.reason}`);
    throw makeChangedChartError(`${path} was a chart when the release began; it cannot be packaged now`, found);
  }
  const [wanted, digest] =
    "digest" in planned ? [planned.digest, computeDigest(chart.bytes)] : [planned.folderDigest, chart.folderDigest];
  if (digest !== wanted) {
    throw makeChangedChartError(`${path} had the package ${wanted} when the release began; it has ${digest} now`);
  }
  return chart;
}

function makeChangedChartError(reason: string, details: readonly string[] = []): StepFailure {
  return new StepFailure({
    code: "ASSET_CONFLICT",
    reason: [reason, ...details].join("\n"),
    meaning: "The chart's folder changed while the release ran. Nothing of the changed chart was published.",
    fix: "Make sure that nothing writes in the folder, then run it again.",
  });
}
