import { join, posix } from "node:path";
import { placeIn } from "../../../formats/chart/chart-mistake.ts";
import type { ChartMistake } from "../../../formats/chart/chart-mistake.ts";
import { checkLock, dependencyFiles } from "../../../formats/chart/dependency-check.ts";
import type { ChartFile } from "../../../formats/chart/package/chart-file.ts";
import { readChartFiles } from "../../../packaging/chart-folder.ts";
import type { UnbuiltChart, Vendoring } from "../../../packaging/chart-folder.ts";
import { buildDependencies } from "../../../packaging/helm/dependency-build.ts";
import { keepDependencies } from "../../../packaging/kept-dependencies.ts";
import { fileKind } from "../workspace/file-kind.ts";

/** A chart that `file://` names. */
interface Sibling {
  /** Below the workspace. */
  folder: string;
  files: readonly ChartFile[];
}

/**
 * Has helm bring the charts that a chart's lock names, in a private copy: for readChart(). What it brings is kept for the rest of the run. A
 * chart without a lock is refused, because helm would choose versions itself, and perhaps others the next time.
 * @param folder of the chart, below the workspace
 */
export function builtDependencies(workspace: string, folder: string): Vendoring {
  return async (chart) => {
    const { metadata, lock, files } = chart;
    if ((metadata.dependencies ?? []).length === 0) {
      return { charts: files.filter(({ path }) => path.startsWith("charts/")), mistakes: [] };
    }
    const mistakes = lock ? checkLock(metadata, lock) : [missingLock(chart)];
    const siblings = await readSiblings(workspace, folder, chart);
    mistakes.push(...siblings.mistakes);
    if (mistakes.length > 0) {
      return { charts: [], mistakes };
    }
    const built = await buildDependencies({ ...chart, folder: posix.normalize(folder), siblings: siblings.found });
    if (built.mistakes.length === 0) {
      await keepDependencies(join(workspace, folder), built.charts);
    }
    return built;
  };
}

function missingLock({ metadata }: UnbuiltChart): ChartMistake {
  return {
    path: dependencyFiles(metadata).lockFile,
    reason: "does not exist, so that nothing says which versions helm is to bring",
    example: "`helm dependency update`, which writes it",
  };
}

async function readSiblings(
  workspace: string,
  folder: string,
  { metadata }: UnbuiltChart,
): Promise<{ found: Sibling[]; mistakes: ChartMistake[] }> {
  const found: Sibling[] = [];
  const mistakes: ChartMistake[] = [];
  for (const [index, { repository }] of (metadata.dependencies ?? []).entries()) {
    if (!repository.startsWith("file://")) {
      continue;
    }
    const refuse = (reason: string, example: string): void => {
      const path = placeIn(dependencyFiles(metadata).file, ["dependencies", index, "repository"]);
      mistakes.push({ path, value: repository, reason, example });
    };
    const named = repository.slice("file://".length);
    const place = posix.join(folder, named);
    if (posix.isAbsolute(named) || place === ".." || place.startsWith("../")) {
      refuse("leads out of the workspace", "`file://../NAME`, a chart of the same repository");
    } else if ((await fileKind(workspace, place)) !== "folder") {
      refuse(`names the folder ${place}, which does not exist`, "`file://../NAME`");
    } else {
      const read = await readChartFiles(join(workspace, place));
      for (const { path, reason, example } of read.mistakes) {
        refuse(`names a chart that cannot be packaged: ${place}/${path}: ${reason}`, example);
      }
      found.push({ folder: place, files: read.files });
    }
  }
  return { found, mistakes };
}
