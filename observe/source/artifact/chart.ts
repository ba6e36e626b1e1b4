import { join } from "node:path";
import type { Chart } from "../../../config/artifact/chart.ts";
import type { Lenient } from "../../../config/lenient.ts";
import { configurationError } from "../../../errors/configuration-error.ts";
import type { Mistake } from "../../../errors/configuration-error.ts";
import { readChanges } from "../../../formats/chart/artifact-hub-changes.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { writeChartConfig } from "../../../formats/chart/chart-config.ts";
import { findOwnSource } from "../../../formats/chart/chart-manifest.ts";
import { hashFiles } from "../../../formats/chart/package/hashed-files.ts";
import { packChart } from "../../../formats/chart/package/chart-package.ts";
import type { ChartFiles } from "../../../packaging/chart-folder.ts";
import type { ArtifactSource, ArtifactWords, PackedFile } from "./artifact-files.ts";
import { observeChart } from "./chart-files.ts";
import { observeHubFile } from "./hub-file.ts";

/** A chart is made of the files in its folder. Its hash is that of its package, and so the digest of its layer. */
export const chartSource: ArtifactSource<Lenient<Chart>, Chart> = {
  check: async (workspace, { path, repository, artifactHub }, at) => {
    const hub = artifactHub === undefined ? undefined : await observeHubFile(workspace, artifactHub, at("artifactHub"));
    const [hubFile, hubMistakes] =
      hub === undefined ? [{}, []] : "sha256" in hub ? [{ hubFile: hub }, []] : [{}, [hub]];
    if (path === undefined) {
      return { found: { sbom: undefined, ...hubFile }, mistakes: hubMistakes };
    }
    const { found: chart, mistakes } = await observeChart(workspace, path, at("path"));
    if (chart === undefined) {
      return { found: { sbom: undefined, ...hubFile }, mistakes: [...mistakes, ...hubMistakes] };
    }
    return {
      found: {
        sbom: undefined,
        packed: await describePackage(path, chart),
        words: readWords(path, chart),
        ...hubFile,
      },
      mistakes: [...mistakes, ...misaddressed(repository, chart.metadata.name, at("repository")), ...hubMistakes],
    };
  },
  hash: async (workspace, { path }) => {
    const { found: chart, mistakes } = await observeChart(workspace, path, path);
    if (chart === undefined) {
      throw configurationError(mistakes);
    }
    return (await describePackage(path, chart)).sha256;
  },
};

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
  const { text, unreadable } = readChanges(annotations);
  return {
    changes: text,
    remarks: unreadable === undefined ? [] : [`${join(path, "Chart.yaml")}: ${unreadable}`],
    installable: type !== "library",
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
