import { glob, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ChartSet } from "../../config/release/chart-set.ts";
import type { Lenient } from "../../config/lenient.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { readChartYaml } from "../../formats/chart/chart-yaml.ts";
import { readText } from "../../formats/chart/package/chart-file.ts";
import { fileKind } from "./workspace/file-kind.ts";
import type { Observed } from "./workspace/observed.ts";

/** A chart of a chart set, as it lies in the workspace. */
export interface FoundChart {
  /** Its folder below the workspace, without a slash at its end. The folder has the chart's name. */
  folder: string;
  /** Its version; undefined if Chart.yaml cannot be read: what is wrong there is found with the chart's other files. */
  version: string | undefined;
}

/**
 * Finds the charts of a chart set: folders with a Chart.yaml. A folder inside of a chart is part of it, as `charts/app/charts/redis` is.
 * @param set the chart set, as far as it can be read; undefined if there is none
 * @param pathOf a place in the configuration as its user wrote it
 * @returns charts in the order of their folders, each once, and a mistake for each path that matches none
 */
export async function observeChartSet(
  workspace: string,
  set: Lenient<ChartSet> | undefined,
  pathOf: (path: readonly PropertyKey[]) => string,
): Promise<Observed<FoundChart[]>> {
  const patterns = (set?.path ?? []).filter((pattern) => pattern !== undefined);
  const matches = await Promise.all(patterns.map((pattern) => matchedCharts(workspace, pattern)));
  const mistakes = matches.flatMap((folders, index) => {
    const at = pathOf(["charts", "path", ...(patterns.length > 1 ? [index] : [])]);
    return folders.length === 0 ? [noChart(at, patterns[index] ?? "")] : [];
  });
  const folders = outermost(new Set(matches.flat()));
  const found = folders.map(async (folder) => ({ folder, version: await versionIn(join(workspace, folder)) }));
  return { found: await Promise.all(found), mistakes };
}

async function matchedCharts(workspace: string, pattern: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern, { cwd: workspace })) {
    paths.push(posix.normalize(`${path}/`).slice(0, -1));
  }
  const kinds = await Promise.all(paths.map((path) => fileKind(workspace, `${path}/Chart.yaml`)));
  return paths.filter((_, index) => kinds[index] === "file");
}

/** The folders that are in no other one, sorted. */
function outermost(folders: ReadonlySet<string>): string[] {
  return [...folders].filter((folder) => !ancestorsOf(folder).some((above) => folders.has(above))).toSorted();
}

function ancestorsOf(folder: string): string[] {
  const parts = folder.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function versionIn(folder: string): Promise<string | undefined> {
  const text = readText(await readFile(join(folder, "Chart.yaml")));
  return text === undefined ? undefined : readChartYaml(text).metadata?.version;
}

function noChart(path: string, pattern: string): Mistake {
  return /[*?[{(]/.test(pattern)
    ? { path, value: pattern, reason: "matches no folder with a Chart.yaml", example: "`charts/*`" }
    : { path, value: pattern, reason: "is not a folder with a Chart.yaml", example: "`charts/app`" };
}
