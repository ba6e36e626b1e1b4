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

  /**
   * @param inputs `repository` (changing it makes another chart), `path` of the folder, `layer` (the digest that the package must have),
   * `stamps`; changing one of the last three pushes another manifest beside the first
   */
  constructor(name: string, inputs: GraphInputs<ChartPushInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("ChartPush", "chart-push", name, inputs, ["digest"], options);
  }
}
