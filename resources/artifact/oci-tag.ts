import type * as pulumi from "@pulumi/pulumi";
import type { OciTagInputs } from "../../providers/artifact/oci-tag.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A version tag of an artifact: written once, never moved, never deleted. Works for whatever has a manifest: index, image, chart.
 *
 * @example The version tag of an index
 * ```ts
 * new OciTag("tag/app@1.2.3", { repository: "ghcr.io/acme/app", tag: "1.2.3", digest: index.digest }, { dependsOn: everyArtifact });
 * ```
 */
export class OciTag extends DynamicResource {
  /** `repository:tag`. */
  declare readonly reference: pulumi.Output<string>;

  /**
   * @param inputs `repository` and `tag` (changing one makes another tag; the old one stays), `digest` (another digest under a tag that
   * is there is an error)
   */
  constructor(name: string, inputs: GraphInputs<OciTagInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("OciTag", "oci-tag", name, inputs, ["reference"], options);
  }
}
