import type * as pulumi from "@pulumi/pulumi";
import type { PackageAccessInputs } from "../../providers/organization/package-access.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * What is declared of one package, where the rules of the PackagesPolicy do not hold.
 *
 * @example One private package among public ones
 * ```ts
 * new PackageAccess("package/acme/internal-tools", {
 *   organization: "acme",
 *   name: "internal-tools",
 *   visibility: "private",
 *   repository: "acme/tools",
 * });
 * ```
 */
export class PackageAccess extends DynamicResource {
  /** @param inputs `visibility` and `repository` (`owner/name` of the linked one) are looked at where they are given */
  constructor(name: string, inputs: PackageAccessInputs, options: pulumi.CustomResourceOptions = {}) {
    super("PackageAccess", "package-access", name, inputs, [], options);
  }
}
