import type { Chart } from "../../config/artifact/chart.ts";
import { chartTag } from "../../formats/chart/chart-tag.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { HubFile } from "../../observe/source/artifact/hub-file.ts";
import { chartDifferences } from "./chart-content.ts";
import type { PinnedChart } from "./pinned-chart.ts";
import type { ArtifactPlanner, PlannedArtifact } from "./planned-artifact.ts";

/** A Helm chart. */
export interface ChartPlan extends PlannedArtifact {
  kind: "chart";
  /** The chart's folder, relative to the folder of Pulumi.yaml. */
  path: string;
  /** The digest of the package that the folder makes as it is. */
  layer: string;
  /** True if helm brings its dependencies; left out if they lie in charts/. */
  isBuilt?: true;
  /** What the manifest says beside Chart.yaml. */
  stamps: { created: string; source: string; revision: string };
  /** The metadata of its repository for Artifact Hub, path relative to the folder of Pulumi.yaml. Default: none. */
  hubFile?: HubFile;
  /** What is written into its files before it is packaged. Left out for a chart that is packaged as it is. */
  pinned?: PinnedChart;
}

/** A chart is packaged from its folder. The package is the same at every commit, so that it says itself what it is built from. */
export const chartPlanner: ArtifactPlanner<Chart, ChartPlan> = {
  dependsOnCommit: false,
  // helm finds a chart by its bare version only.
  tag: (version) => chartTag(version),
  packageName: ({ repository }, version) => `${repository.slice(repository.lastIndexOf("/") + 1)}-${version}.tgz`,
  buildInputs: (_, sourceHash) => sourceHash,
  differences: (published, { sha256, content }) => chartDifferences(published, `sha256:${sha256}`, content),
  plan: (
    common,
    { path, pins, appVersion, version, dependencies },
    { workspace, source, revision, commitTime, hubFile, pinned },
  ) => ({
    kind: "chart",
    ...common,
    parameters: {
      path,
      ...(pins && { pins }),
      ...(appVersion === undefined ? {} : { appVersion }),
      ...(version === undefined ? {} : { version }),
      ...(dependencies && { dependencies }),
    },
    path: workspacePath(workspace, path),
    layer: pinned?.layer ?? `sha256:${common.sourceHash}`,
    ...(dependencies === "build" ? { isBuilt: true } : {}),
    stamps: { created: new Date(commitTime * 1000).toISOString().replace(".000Z", "Z"), source, revision },
    ...(hubFile && { hubFile: { ...hubFile, path: workspacePath(workspace, hubFile.path) } }),
    ...(pinned && { pinned }),
  }),
};
