import type * as pulumi from "@pulumi/pulumi";
import type { ChartPushInputs } from "../../providers/artifact/chart-push.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A Helm chart, packaged from its folder and pushed by digest. Names no tag.
 *
 * @example A chart
 * ```ts
 * new ChartPush("chart/app@1.2.3", {
 *   repository: "ghcr.io/acme/charts/app",
 *   path: "charts/app",
 *   layer: "sha256:…",
 *   stamps: { created: "2026-01-15T12:00:00Z", source: "https://github.com/acme/app", revision },
 * });
 * ```
 */
export class ChartPush extends DynamicResource {
  /** The digest of the chart's manifest. */
  declare readonly digest: pulumi.Output<string>;
  /** sha256 of the package that was pushed, hex. */
  declare readonly packageSha256: pulumi.Output<string>;
  /** Its size in bytes. */
  declare readonly packageSize: pulumi.Output<number>;

  /**
   * @param inputs `repository` (changing it makes another chart), `path` of the folder, `layer` (the digest of the package that the folder
   * makes as it is), `stamps`, and what is written into the files first: `pins` and `versions` (default nothing), and `tag`,
   * the version tag that it gets later: only for a look. Changing one of the others, except `repository`, pushes another manifest beside the first
   */
  constructor(name: string, inputs: GraphInputs<ChartPushInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("ChartPush", "chart-push", name, inputs, ["digest", "packageSha256", "packageSize"], options);
  }
}
