import type * as pulumi from "@pulumi/pulumi";
import type { ImmutableReleasesInputs } from "../../providers/organization/immutable-releases.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * Whether new Releases of a repository are immutable. Destroying the stack leaves the setting as it is, so that no protection is lost.
 *
 * @example
 * ```ts
 * new ImmutableReleases("immutable/acme/widgets", { repository: "acme/widgets", enabled: true });
 * ```
 */
export class ImmutableReleases extends DynamicResource {
  /** True where the organization asks for it, so that the repository cannot switch it off. */
  declare readonly enforcedByOwner: pulumi.Output<boolean>;

  /**
   * @param inputs `enabled` holds for Releases that are published from now on; `ownerAsks` says whether the same program lets the
   *   organization ask for it. Default: not known
   */
  constructor(name: string, inputs: ImmutableReleasesInputs, options: pulumi.CustomResourceOptions = {}) {
    super("ImmutableReleases", "immutable-releases", name, inputs, ["enforcedByOwner"], options);
  }
}
