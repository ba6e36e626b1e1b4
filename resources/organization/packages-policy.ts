import type * as pulumi from "@pulumi/pulumi";
import type { PackagesPolicyInputs } from "../../providers/organization/packages-policy.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * What is declared of all container packages of an organization. Thousands of packages are one resource: a preview shows in one line which
 * differ. GitHub has no API that sets visibility or link, so `up` names page and switch, and fails until a person has set them.
 *
 * @example Public images, private test images
 * ```ts
 * new PackagesPolicy("packages/acme", {
 *   organization: "acme",
 *   rules: [{ match: "*-test", visibility: "private" }, { match: "*", visibility: "public" }],
 *   exceptions: [],
 * });
 * ```
 */
export class PackagesPolicy extends DynamicResource {
  /** Container packages of the organization. */
  declare readonly total: pulumi.Output<number>;
  /** Those that a rule or an exception speaks of. */
  declare readonly declared: pulumi.Output<number>;

  /** @param inputs `rules`: the first that fits a name holds; `exceptions`: names that have a PackageAccess of their own */
  constructor(name: string, inputs: Omit<PackagesPolicyInputs, "verdict">, options: pulumi.CustomResourceOptions = {}) {
    super(
      "PackagesPolicy",
      "packages-policy",
      name,
      { ...inputs, verdict: "as declared" },
      ["total", "declared"],
      options,
    );
  }
}
