import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseInputs } from "../../providers/release/release-inputs.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A GitHub Release that becomes public in one step, when all it promises is there. It is made as a draft, its assets are attached and
 * compared by sha256, every version tag and the git tag are looked at once more, and only then is it published. It attaches checksums.txt
 * and lockstep.release.json by itself. Owned afterwards: assets, pre-release mark, "Latest", and the notes between our marks; title and
 * all other text belong to people.
 *
 * @example A Release of one image and one file
 * ```ts
 * new GitHubRelease("release/app@1.2.3", {
 *   repository: "acme/app", unit: "app", version: "1.2.3", tag: "v1.2.3", tagPattern: "v{version}", revision, title: "v1.2.3",
 *   notes: "Image: `{{digest:app}}`", prerelease: false, latest: true, signing: "off",
 *   assets: [{ name: "install.yaml", path: "deploy/install.yaml", sha256, size }],
 *   artifacts: { app: { kind: "image", repository: "ghcr.io/acme/app", tag: "1.2.3", digest: index.digest, buildInputs } },
 * }, { dependsOn: [gitTag, ...versionTags] });
 * ```
 */
export class GitHubRelease extends DynamicResource {
  /** The Release's page. */
  declare readonly url: pulumi.Output<string>;
  /** GitHub's number for it. */
  declare readonly releaseId: pulumi.Output<number>;
  /** A line for each thing that is missing in a lineage; undefined for a Release without lineages. */
  declare readonly leftOut: pulumi.Output<string[] | undefined>;

  /**
   * @param inputs as in providers/release/release-inputs.ts. `repository` and `tag` say which Release it is; an asset that is missing is attached
   * again; an asset with other bytes on a published Release is an error
   */
  constructor(
    name: string,
    inputs: GraphInputs<Omit<ReleaseInputs, "complete">>,
    options: pulumi.CustomResourceOptions = {},
  ) {
    super(
      "GitHubRelease",
      "github-release",
      name,
      { ...inputs, complete: true },
      ["url", "releaseId", "leftOut"],
      options,
    );
  }
}
