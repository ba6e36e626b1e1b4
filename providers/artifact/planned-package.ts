import { StepFailure } from "../../errors/step-failure.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import type { PackagedChart } from "../../packaging/packaged-chart.ts";

/**
 * Packages a chart again, for a step of the run that planned it.
 * @param path of the chart's folder, relative to the folder of Pulumi.yaml
 * @param planned the digest of the package when the run began
 * @throws StepFailure ASSET_CONFLICT if the package is not the planned one any more
 */
export async function repackageChart(path: string, planned: string): Promise<PackagedChart> {
  const { chart, mistakes } = await packageChart(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return { chart: undefined, mistakes: [{ path: "the folder", reason: "is gone" }] };
    }
    throw error;
  });
  if (chart === undefined) {
    const found = mistakes.map((mistake) => `${path}: ${mistake.path}: ${mistake.reason}`);
    throw makeChangedChartError(`${path} was a chart when the release began; it cannot be packaged now`, found);
  }
  const digest = computeDigest(chart.bytes);
  if (digest !== planned) {
    throw makeChangedChartError(`${path} had the package ${planned} when the release began; it has ${digest} now`);
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
