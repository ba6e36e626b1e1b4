import type { ChartMistake } from "../chart-mistake.ts";
import { oversizeReason, packageLimit } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";
import { packChart } from "./chart-package.ts";
import { isVendored, readChartsFolder } from "./charts-folder.ts";
import type { ChartsEntry } from "./charts-folder.ts";
import { readSubchart } from "./subchart.ts";
import type { Subchart } from "./subchart.ts";

/** The files of a chart as they are packaged. */
export interface ArrangedChart {
  files: ChartFile[];
  /** The charts in charts/, but not those in their own charts/. */
  subcharts: Subchart[];
  /** What is wrong with charts/, and files that are too large. */
  mistakes: ChartMistake[];
}

/** Charts in charts in charts. An archive can contain itself, so there must be an end. */
const mostLevels = 16;

/**
 * Arranges the files of a chart's folder as helm packages them: archives in charts/ are unpacked, a folder there gets the name of its chart,
 * and what begins with `.` or `_` there is left out. Anything else in charts/ that is not a chart is a mistake.
 *
 * Of two charts with one name helm's own package has but one (helm/helm#30821), so these stay under the names that they have in charts/.
 * Their archives are packed anew, because `helm dependency build` writes file times into them.
 * Source: helm 4.3.1, pkg/chart/v2/loader/load.go and pkg/chart/v2/util/save.go.
 * @param files of the folder without what .helmignore leaves out, each path once
 */
export async function arrangeChart(files: readonly ChartFile[]): Promise<ArrangedChart> {
  const arranged = await arrange(files, { left: packageLimit }, mostLevels);
  const size = arranged.files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const tooLarge = { path: "", reason: "has 100 MiB or more, and helm loads no such chart", example: leaveOut };
  return {
    ...arranged,
    mistakes: [
      ...arranged.mistakes,
      ...arranged.files.flatMap(({ path, bytes }) => {
        const reason = oversizeReason(bytes.length);
        return reason === undefined ? [] : [{ path, reason, example: leaveOut }];
      }),
      ...(size >= packageLimit ? [tooLarge] : []),
    ],
  };
}

const leaveOut = "a line in .helmignore that leaves it out";

async function arrange(files: readonly ChartFile[], space: { left: number }, levels: number): Promise<ArrangedChart> {
  const { entries, mistakes } = await readChartsFolder(files.filter(isVendored), space);
  if (levels === 0 && entries.length > 0) {
    const reason = `is ${mostLevels} charts deep`;
    return { files: [], subcharts: [], mistakes: [{ path: "charts", reason, example: "fewer charts in charts" }] };
  }
  const vendored: Vendored[] = [];
  for (const entry of entries) {
    const arranged = await arrange(entry.files, space, levels - 1);
    const read = readSubchart(entry.files);
    for (const mistake of [...read.mistakes, ...arranged.mistakes]) {
      mistakes.push({ ...mistake, path: `charts/${entry.name}/${mistake.path}` });
    }
    if (read.subchart) {
      vendored.push({ ...read.subchart, entry, files: arranged.files });
    }
  }
  const named = vendored.map((chart) => ({
    ...chart,
    isTwin: vendored.some((other) => other !== chart && other.name === chart.name),
  }));
  const placed = await Promise.all(named.map(placeFiles));
  return {
    files: [...files.filter((file) => !isVendored(file)), ...placed.flat()],
    subcharts: vendored.map(({ name, version }) => ({ name, version })),
    mistakes: [...mistakes, ...findTakenFolders(named)],
  };
}

/** A chart in charts/ with its files as they are packaged. */
interface Vendored extends Subchart {
  entry: ChartsEntry;
  files: readonly ChartFile[];
}

/** @param isTwin whether another chart in charts/ has the same name */
async function placeFiles({ name, entry, files, isTwin }: Vendored & { isTwin: boolean }): Promise<ChartFile[]> {
  if (isTwin && entry.isArchive) {
    return [{ path: `charts/${entry.name}`, bytes: await packChart(name, files) }];
  }
  const folder = `charts/${isTwin ? entry.name : name}`;
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

/** A twin keeps the name of its folder, which may be the name of another chart. */
function findTakenFolders(charts: readonly (Vendored & { isTwin: boolean })[]): ChartMistake[] {
  const twins = new Set(charts.filter(({ isTwin }) => isTwin).map(({ entry }) => entry.name));
  return charts
    .filter(({ name, isTwin }) => !isTwin && twins.has(name))
    .map(({ name, entry }) => ({
      path: `charts/${entry.name}`,
      reason: `is the chart \`${name}\`, and charts/${name} is another chart`,
      example: "folders with the names of their charts",
    }));
}
