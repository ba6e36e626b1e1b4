import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactHubTagInputs } from "../../providers/artifact/artifact-hub-tag.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * The tag `artifacthub.io` of a chart's repository, with the metadata by which Artifact Hub knows the owner. It belongs to no version, moves
 * with its file, and is not signed.
 *
 * @example The metadata of a chart
 * ```ts
 * new ArtifactHubTag("artifact-hub/app", { repository: "ghcr.io/acme/charts/app", path: "artifacthub-repo.yml", sha256 }, { dependsOn: release });
 * ```
 */
export class ArtifactHubTag extends DynamicResource {
  /** `repository:artifacthub.io`. */
  declare readonly reference: pulumi.Output<string>;

  /**
   * @param inputs `repository` (changing it makes another tag; the old one stays), `path` of the file, and its `sha256`: another one moves the
   * tag
   */
  constructor(name: string, inputs: GraphInputs<ArtifactHubTagInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("ArtifactHubTag", "artifact-hub-tag", name, inputs, ["reference"], options);
  }
}
