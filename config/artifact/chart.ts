import { z } from "zod";
import { pinForms } from "../../formats/chart/pin/pin-form.ts";
import { readPinPath } from "../../formats/chart/pin/pin-path.ts";
import { Name, OciRepository, WorkspacePath } from "../names.ts";

/** A chart's folder below the workspace, or a glob that matches such folders. */
export const ChartFolder = WorkspacePath.refine((path) => !/^[./]+$/.test(path), {
  error: "must be a folder of the chart's name: the workspace has another name on another machine",
}).meta({ example: "charts/app" });

/** How the charts that a chart needs get into its charts/. */
export const ChartDependencies = z
  .literal("build", { error: "must be `build`; left out for charts that lie in charts/" })
  .meta({ example: "build" });

/** An image of the project that a value of a chart names. */
export const Pin = z
  .strictObject({
    /** The name of the image. */
    image: Name,
    /** How the value names it. */
    form: z.enum(pinForms, { error: `must be one of ${pinForms.join(", ")}` }),
  })
  .meta({ example: '{"image": "app", "form": "digest"}' });

/** By their paths in values.yaml: the values of a chart that name images. */
export const Pins = z
  .record(
    z.string().refine((path) => readPinPath(path) !== undefined, {
      error: "is not the path of a value, written as for `helm --set`: `image.digest`, `containers[0].image`",
    }),
    Pin,
  )
  .meta({ example: '{"image.digest": {"image": "app", "form": "digest"}}' });

/** One Helm chart of a unit: packaged from its folder, pushed by digest, tagged last. Its `.tgz` is a file of the Release. */
export const Chart = z.strictObject({
  /** The chart's name within the project; default: the last part of `repository`. Changing it makes other resources. */
  name: Name.optional(),
  /** The chart's folder below the workspace, named as the chart is. Its Chart.yaml has the version that is released, unless `version` says otherwise. */
  path: ChartFolder,
  /** Where it is pushed, with its registry and without a tag. The last part is the chart's name, because helm asks for it. */
  repository: OciRepository.meta({ example: "ghcr.io/acme/charts/app" }),
  /** The chart's metadata for Artifact Hub, a file below the workspace, put under the tag `artifacthub.io`. Default: none. */
  artifactHub: WorkspacePath.optional().meta({ example: "charts/app/artifacthub-repo.yml" }),
  /** Values of values.yaml that get the images of this release. Default: none. */
  pins: Pins.optional(),
  /** The name of an image: the version of its unit replaces the `appVersion` of Chart.yaml. Default: Chart.yaml's own. */
  appVersion: Name.optional(),
  /** `unit`: the unit's version replaces the `version` of Chart.yaml. Default: Chart.yaml's own, which has to be the unit's. */
  version: z.literal("unit", { error: "must be `unit`, or be left out" }).optional().meta({ example: "unit" }),
  /** `build`: helm brings the charts that Chart.lock names into charts/ of a private copy. Default: they lie in charts/ already. */
  dependencies: ChartDependencies.optional(),
});

/** One chart as written by the user. */
export type Chart = z.output<typeof Chart>;
