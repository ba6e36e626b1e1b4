import { join } from "node:path";
import limitConcurrency from "p-limit";
import type { Chart } from "../../../config/artifact/chart.ts";
import type { Lenient } from "../../../config/lenient.ts";
import { configurationError } from "../../../errors/configuration-error.ts";
import type { Mistake } from "../../../errors/configuration-error.ts";
import { readChanges } from "../../../formats/chart/hub/artifact-hub-changes.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { writeChartConfig } from "../../../formats/chart/chart-config.ts";
import { findOwnSource } from "../../../formats/chart/chart-manifest.ts";
import { readHubImages } from "../../../formats/chart/hub-images.ts";
import { hashFiles } from "../../../formats/chart/package/hashed-files.ts";
import { packChart } from "../../../formats/chart/package/chart-package.ts";
import { editChart } from "../../../formats/chart/pin/chart-edits.ts";
import type { ChartEdits } from "../../../formats/chart/pin/chart-edits.ts";
import type { ChartFiles } from "../../../packaging/chart-folder.ts";
import { keptDependencies } from "../../../packaging/kept-dependencies.ts";
import type { ArtifactSource, ArtifactWords, PackedFile } from "./artifact-files.ts";
import { builtDependencies } from "./built-dependencies.ts";
import { observeChart, pathInChart } from "./chart-files.ts";
import { observeHubFile } from "./hub-file.ts";

/** Charts whose files are in memory at the same time: 200 charts of 4 MB must not need 200 times the memory of one. */
const packInTurn = limitConcurrency(4);

/**
 * A chart is made of the files in its folder. Its hash is that of the package that the folder makes as it is. What is written into its files
 * first is not known yet; that every value has a place is checked.
 */
export const chartSource: ArtifactSource<Lenient<Chart>, Chart> = {
  check: async (workspace, written, at) => {
    const { path, repository, artifactHub, dependencies } = written;
    const hub = artifactHub === undefined ? undefined : await observeHubFile(workspace, artifactHub, at("artifactHub"));
    const [hubFile, hubMistakes] =
      hub === undefined ? [{}, []] : "sha256" in hub ? [{ hubFile: hub }, []] : [{}, [hub]];
    if (path === undefined) {
      return { found: { sbom: undefined, ...hubFile }, mistakes: hubMistakes };
    }
    return packInTurn(async () => {
      const vendoring = dependencies === "build" ? builtDependencies(workspace, path) : undefined;
      const { found: chart, mistakes } = await observeChart(workspace, path, at("path"), vendoring);
      if (chart === undefined) {
        return { found: { sbom: undefined, ...hubFile }, mistakes: [...mistakes, ...hubMistakes] };
      }
      const packed = await describePackage(path, chart);
      const tried = editChart(chart, madeUpEdits(written, chart.metadata.version));
      return {
        found: {
          sbom: undefined,
          packed: written.version === "unit" ? withVersionOfUnit(packed, chart) : packed,
          words: readWords(path, chart),
          ...hubFile,
        },
        mistakes: [
          ...mistakes,
          ...misaddressed(repository, chart.metadata.name, at("repository")),
          ...tried.mistakes.map((mistake) => ({ ...mistake, path: pathInChart(path, mistake.path) })),
          ...hubMistakes,
        ],
      };
    });
  },
  hash: async (workspace, written) => (await packEditedChart(workspace, written, {})).sha256,
};

/**
 * Describes the package of a chart with everything that is written into its files.
 * @param chart that was checked before: what helm brought then is not fetched again
 * @throws ReleaseError CONFIGURATION if it cannot be packaged, with every mistake
 */
export async function packEditedChart(
  workspace: string,
  { path, dependencies }: Pick<Chart, "path" | "dependencies">,
  edits: ChartEdits,
): Promise<PackedFile> {
  return packInTurn(async () => {
    const vendoring = dependencies === "build" ? keptDependencies(join(workspace, path)) : undefined;
    const { found, mistakes } = await observeChart(workspace, path, path, vendoring);
    const edited = found && editChart(found, edits);
    if (edited?.chart === undefined) {
      const wrong = edited?.mistakes.map((mistake) => ({ ...mistake, path: pathInChart(path, mistake.path) }));
      throw configurationError(wrong ?? mistakes);
    }
    return describePackage(path, edited.chart);
  });
}

/** Writes something in every place that the configuration names. The images are not known yet, and need not be: only the places are checked. */
function madeUpEdits({ pins = {}, appVersion, version }: Lenient<Chart>, ownVersion: string): ChartEdits {
  const image = { repository: "example.com/app", tag: "1.0.0", digest: `sha256:${"0".repeat(64)}` };
  return {
    pins: Object.entries(pins).map(([path, pin]) => ({ ...image, path, form: pin?.form ?? "digest" })),
    versions: {
      ...(appVersion === undefined ? {} : { appVersion: "1.0.0" }),
      ...(version === undefined ? {} : { version: ownVersion }),
    },
  };
}

function withVersionOfUnit(packed: PackedFile, { metadata: { name } }: ChartFiles): PackedFile {
  return { ...packed, name: `${name}-{version}.tgz`, version: undefined };
}

async function describePackage(path: string, { metadata, files }: ChartFiles): Promise<PackedFile> {
  const { name, version } = metadata;
  const bytes = await packChart(name, files);
  return {
    name: `${name}-${version}.tgz`,
    packs: "chart",
    path,
    sha256: computeDigest(bytes).slice("sha256:".length),
    size: bytes.length,
    version,
    versionAt: join(path, "Chart.yaml: version"),
    content: {
      config: computeDigest(writeChartConfig(metadata)),
      source: findOwnSource(metadata),
      files: hashFiles(files),
    },
  };
}

function readWords(path: string, { metadata: { annotations, type } }: ChartFiles): ArtifactWords {
  const [changes, hub] = [readChanges(annotations), readHubImages(annotations)];
  const remarks = [changes.unreadable, hub.unreadable].filter((reason) => reason !== undefined);
  return {
    changes: changes.text,
    remarks: remarks.map((reason) => `${join(path, "Chart.yaml")}: ${reason}`),
    installable: type !== "library",
    ...(hub.images.length > 0 ? { images: hub.images } : {}),
  };
}

/** helm pushes to the repository of the chart's name, and everyone who pulls expects it there. */
function misaddressed(repository: string | undefined, name: string, at: string): Mistake[] {
  if (repository === undefined || repository.endsWith(`/${name}`)) {
    return [];
  }
  const example = `\`${repository.slice(0, repository.lastIndexOf("/"))}/${name}\``;
  return [{ path: at, value: repository, reason: `does not end with the chart's name, ${name}`, example }];
}
