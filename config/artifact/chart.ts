import { z } from "zod";
import { Name, OciRepository, WorkspacePath } from "../names.ts";

/** A chart's folder below the workspace, or a glob that matches such folders. */
export const ChartFolder = WorkspacePath.refine((path) => !/^[./]+$/.test(path), {
  error: "must be a folder of the chart's name: the workspace has another name on another machine",
}).meta({ example: "charts/app" });

/** One Helm chart of a unit: packaged from its folder, pushed by digest, tagged last. Its `.tgz` is a file of the Release. */
export const Chart = z.strictObject({
  /** The chart's name within the project; default: the last part of `repository`. Changing it makes other resources. */
  name: Name.optional(),
  /** The chart's folder below the workspace, named as the chart is. Its Chart.yaml has the version that is released. */
  path: ChartFolder,
  /** Where it is pushed, with its registry and without a tag. The last part is the chart's name, because helm asks for it. */
  repository: OciRepository.meta({ example: "ghcr.io/acme/charts/app" }),
  /** The chart's metadata for Artifact Hub, a file below the workspace, put under the tag `artifacthub.io`. Default: none. */
  artifactHub: WorkspacePath.optional().meta({ example: "charts/app/artifacthub-repo.yml" }),
});

/** One chart as written by the user. */
export type Chart = z.output<typeof Chart>;
