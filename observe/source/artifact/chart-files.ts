import { join, posix } from "node:path";
import type { ChartMistake } from "../../../formats/chart/chart-mistake.ts";
import { findPrereleaseMistakes } from "../../../formats/chart/prerelease-mark.ts";
import { readChart } from "../../../packaging/chart-folder.ts";
import type { ChartFiles, Vendoring } from "../../../packaging/chart-folder.ts";
import { fileKind } from "../workspace/file-kind.ts";
import type { Observed } from "../workspace/observed.ts";

/**
 * Reads a chart's folder (packaging/chart-folder.ts), and compares its name with the folder's and its mark for Artifact Hub with its version.
 * @param folder below the workspace
 * @param at the place of the folder in the configuration, for messages
 * @param vendoring as in readChart()
 * @returns no chart if there is a mistake
 */
export async function observeChart(
  workspace: string,
  folder: string,
  at: string,
  vendoring?: Vendoring,
): Promise<Observed<ChartFiles | undefined>> {
  const kind = await fileKind(workspace, folder);
  if (kind !== "folder") {
    const reason = kind === "file" ? "is a file, not a folder" : "does not exist";
    return { found: undefined, mistakes: [{ path: at, value: folder, reason, example: "`charts/app`" }] };
  }
  const { chart, mistakes } = await readChart(join(workspace, folder), vendoring);
  const place = placeOf(folder);
  const misnamed = chart && place !== "." ? nameMistakes(chart.metadata.name, posix.basename(place)) : [];
  const mismarked = chart ? findPrereleaseMistakes(chart.metadata) : [];
  const all = [...misnamed, ...mismarked, ...mistakes].map((mistake) => ({
    ...mistake,
    path: pathInChart(folder, mistake.path),
  }));
  return { found: all.length > 0 ? undefined : chart, mistakes: all };
}

/** The chart is the last part of its address and of its folder's: two charts of one name would overwrite each other. */
function nameMistakes(name: string, folder: string): ChartMistake[] {
  const reason = `differs from the name of its folder, \`${folder}\``;
  return name === folder ? [] : [{ path: "Chart.yaml: name", value: name, reason, example: `\`name: ${folder}\`` }];
}

/**
 * The place in the workspace of something in a chart: `charts/app/Chart.yaml: name`.
 * @param folder of the chart, below the workspace
 * @param path below the folder
 */
export function pathInChart(folder: string, path: string): string {
  const place = placeOf(folder);
  return place === "." ? path || place : [place, path].filter((part) => part !== "").join("/");
}

function placeOf(folder: string): string {
  return posix.normalize(`${folder}/`).slice(0, -1);
}
