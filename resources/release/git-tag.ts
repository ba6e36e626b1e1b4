import type * as pulumi from "@pulumi/pulumi";
import type { GitTagInputs } from "../../providers/release/git-tag.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A git tag at one commit of a GitHub repository. One that is there at the same commit is taken as it is; one at another commit is an
 * error; one that is not there is made, annotated.
 *
 * @example The tag of a version
 * ```ts
 * new GitTag("git-tag/app@1.2.3", { repository: "acme/app", tag: "v1.2.3", commit: revision, message: "app 1.2.3" }, { dependsOn: versionTags });
 * ```
 */
export class GitTag extends DynamicResource {
  /** `refs/tags/…`. */
  declare readonly ref: pulumi.Output<string>;

  /**
   * @param inputs `repository` (`owner/name`) and `tag` (changing one makes another tag), `commit` (full id), `message` of the tag object,
   * used only where the tag is made here
   */
  constructor(name: string, inputs: GraphInputs<GitTagInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("GitTag", "git-tag", name, inputs, ["ref"], options);
  }
}
