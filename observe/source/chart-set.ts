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
  /** Its metadata for Artifact Hub, a path below the workspace. Left out if none is configured, or its folder has none. */
  artifactHub?: string;
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
  const found = await Promise.all(
    folders.map(async (folder): Promise<FoundChart> => {
      const [version, hubFile] = await Promise.all([
        versionIn(join(workspace, folder)),
        hubFileIn(workspace, folder, set?.artifactHub),
      ]);
      return { folder, version, ...hubFile };
    }),
  );
  const unused = noHubFile(found, set, pathOf(["charts", "artifactHub"]));
  return { found, mistakes: [...mistakes, ...unused] };
}

async function hubFileIn(
  workspace: string,
  folder: string,
  name: string | undefined,
): Promise<Pick<FoundChart, "artifactHub">> {
  if (name === undefined) {
    return {};
  }
  const path = posix.join(folder, name);
  return (await fileKind(workspace, path)) === "file" ? { artifactHub: path } : {};
}

/** A name that no chart has is a mistake in it. */
function noHubFile(found: readonly FoundChart[], set: Lenient<ChartSet> | undefined, path: string): Mistake[] {
  const value = set?.artifactHub;
  if (value === undefined || found.length === 0 || found.some(({ artifactHub }) => artifactHub !== undefined)) {
    return [];
  }
  const reason = "is in the folder of no chart";
  return [{ path, value, reason, example: "`artifacthub-repo.yml`, in the folder of each chart on Artifact Hub" }];
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
