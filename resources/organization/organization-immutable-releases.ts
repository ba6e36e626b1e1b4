import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationImmutableReleasesInputs } from "../../providers/organization/organization-immutable-releases.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * For which repositories an organization makes new Releases immutable. Destroying the stack leaves the setting as it is: nobody loses a
 * protection by it.
 *
 * @example
 * ```ts
 * new OrganizationImmutableReleases("immutable-releases/acme", {
 *   organization: "acme",
 *   enforced: "selected",
 *   repositories: ["widgets", "gadgets"],
 * });
 * ```
 */
export class OrganizationImmutableReleases extends DynamicResource {
  /** @param inputs `enforced` holds for Releases that are published from now on; `repositories` are names, with `selected` alone */
  constructor(name: string, inputs: OrganizationImmutableReleasesInputs, options: pulumi.CustomResourceOptions = {}) {
    super("OrganizationImmutableReleases", "organization-immutable-releases", name, inputs, [], options);
  }
}
