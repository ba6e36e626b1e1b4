import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readChartLock } from "../formats/chart/chart-lock.ts";
import type { ChartLock } from "../formats/chart/chart-lock.ts";
import type { ChartMistake } from "../formats/chart/chart-mistake.ts";
import { readChartYaml } from "../formats/chart/chart-yaml.ts";
import type { ChartMetadata } from "../formats/chart/chart-yaml.ts";
import { checkDependencies } from "../formats/chart/dependency-check.ts";
import { arrangeChart } from "../formats/chart/package/arranged-chart.ts";
import { readText } from "../formats/chart/package/chart-file.ts";
import type { ChartFile } from "../formats/chart/package/chart-file.ts";
import { readIgnoreRules } from "../formats/chart/package/ignore-rules.ts";
import type { IgnoreRules } from "../formats/chart/package/ignore-rules.ts";
import { walkChart } from "./chart-walk.ts";

/** A chart as it lies in the workspace. */
export interface ChartFiles {
  metadata: ChartMetadata;
  /** What is packaged, with paths below the chart's folder. Pins may replace the bytes of Chart.yaml and values.yaml. */
  files: readonly ChartFile[];
}

/** What says which charts belong in charts/, and the files of the chart itself. */
export interface UnbuiltChart {
  metadata: ChartMetadata;
  lock: ChartLock | undefined;
  /** Without the archives in charts/. */
  files: readonly ChartFile[];
}

/** Finds what is in charts/ instead of what lies there: files with paths that begin with `charts/`, or why there are none. */
export type Vendoring = (chart: UnbuiltChart) => Promise<{ charts: readonly ChartFile[]; mistakes: ChartMistake[] }>;

/**
 * Reads a chart's folder and checks everything that can be checked without helm and without a network: which files would be packaged,
 * Chart.yaml, the lock, and the charts in charts/. The folder may have any name.
 * @param folder relative to the current folder; it must be there
 * @param vendoring where the charts in charts/ come from. Default: they lie there
 * @returns mistakes with paths below the folder, and then also a chart if it could be read in spite of them
 */
export async function readChart(
  folder: string,
  vendoring?: Vendoring,
): Promise<{ chart: ChartFiles | undefined; mistakes: ChartMistake[] }> {
  const { files, mistakes } = await readChartFiles(folder);
  if (vendoring === undefined || mistakes.length > 0) {
    return readArranged(folder, files, mistakes);
  }
  const own = files.filter(({ path }) => !/^charts\/[^/]*\.tgz(?:\.prov)?$/.test(path));
  const { "Chart.yaml": chartYaml, "requirements.yaml": requirements, ...locks } = readTexts(own).texts;
  const { metadata } = chartYaml === undefined ? {} : readChartYaml(chartYaml, requirements);
  const { lock, mistakes: unlocked } = metadata ? readLock(metadata, locks) : { lock: undefined, mistakes: [] };
  if (metadata === undefined || unlocked.length > 0) {
    return readArranged(folder, own, []);
  }
  const { charts, mistakes: unbuilt } = await vendoring({ metadata, lock, files: own });
  return unbuilt.length > 0
    ? { chart: undefined, mistakes: unbuilt }
    : readArranged(folder, [...own.filter(({ path }) => !path.startsWith("charts/")), ...charts], []);
}

/** Reads the files of a chart's folder that .helmignore does not leave out. */
export async function readChartFiles(folder: string): Promise<{ files: ChartFile[]; mistakes: ChartMistake[] }> {
  const ignored = await readRules(folder);
  const walked = await walkChart(folder, ignored.rules);
  return { files: walked.files, mistakes: [...ignored.mistakes, ...walked.mistakes] };
}

/** @param before what is wrong with the folder itself */
async function readArranged(
  folder: string,
  files: readonly ChartFile[],
  before: readonly ChartMistake[],
): Promise<{ chart: ChartFiles | undefined; mistakes: ChartMistake[] }> {
  const arranged = await arrangeChart(files);
  const read = readTexts(files);
  const mistakes = [...before, ...arranged.mistakes, ...read.mistakes];
  const { "Chart.yaml": chartYaml, "requirements.yaml": requirements } = read.texts;
  if (chartYaml === undefined) {
    const isReported = mistakes.some(({ path }) => path === "Chart.yaml");
    return { chart: undefined, mistakes: [...mistakes, ...(isReported ? [] : [await missingChartYaml(folder)])] };
  }
  const { metadata, mistakes: wrong } = readChartYaml(chartYaml, requirements);
  mistakes.push(...wrong);
  if (!metadata) {
    return { chart: undefined, mistakes };
  }
  const { lock, mistakes: unlocked } = readLock(metadata, read.texts);
  mistakes.push(...unlocked);
  // What another mistake keeps out of charts/ need not be reported as missing there.
  const unmet = mistakes.length > 0 ? [] : checkDependencies({ metadata, lock, subcharts: arranged.subcharts });
  return { chart: { metadata, files: arranged.files }, mistakes: [...mistakes, ...unmet] };
}

async function readRules(folder: string): Promise<{ rules: IgnoreRules; mistakes: ChartMistake[] }> {
  const path = ".helmignore";
  const text = await textOf(join(folder, path));
  const { rules, bad } = readIgnoreRules(text ?? "");
  const mistakes = bad.map(({ line, pattern, reason }) => ({
    path: `${path}: line ${line}`,
    value: pattern,
    reason,
    example: "`files/*.txt`",
  }));
  return { rules, mistakes: text === undefined ? [{ path, ...notUtf8 }] : mistakes };
}

/** @returns "" if it is not there or no file (a pipe would never end); undefined if it is not UTF-8 */
async function textOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? readText(await readFile(file)) : "";
}

const notUtf8 = { reason: "is not UTF-8", example: "the same text in UTF-8" };
const readable = ["Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock"] as const;

type Texts = Partial<Record<(typeof readable)[number], string>>;

function readTexts(files: readonly ChartFile[]): { texts: Texts; mistakes: ChartMistake[] } {
  const texts: Texts = {};
  const mistakes: ChartMistake[] = [];
  for (const { path, bytes } of files) {
    const name = readable.find((one) => one === path);
    const text = name && readText(bytes);
    if (name && text === undefined) {
      mistakes.push({ path, ...notUtf8 });
    } else if (name && text !== undefined) {
      texts[name] = text;
    }
  }
  return { texts, mistakes };
}

async function missingChartYaml(folder: string): Promise<ChartMistake> {
  const isThere = (await stat(join(folder, "Chart.yaml")).catch(() => undefined)) !== undefined;
  return {
    path: "Chart.yaml",
    reason: isThere
      ? "is left out by .helmignore, as everything is that a line with `!` does not match"
      : "does not exist",
    example: isThere ? "no line with `!`" : "`helm create` makes one",
  };
}

function readLock(
  { apiVersion }: ChartMetadata,
  texts: Texts,
): { lock: ChartLock | undefined; mistakes: readonly ChartMistake[] } {
  const file = apiVersion === "v1" ? "requirements.lock" : "Chart.lock";
  const text = texts[file];
  return text === undefined ? { lock: undefined, mistakes: [] } : readChartLock(file, text);
}
