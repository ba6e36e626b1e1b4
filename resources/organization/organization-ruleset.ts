import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationRulesetInputs } from "../../providers/organization/organization-ruleset.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * A ruleset of an organization by its name, there or not there. An existing one of this name is brought into line. Destroying
 * the stack removes it, because a setting is nothing published.
 *
 * @example Nobody moves a version tag, in any repository
 * ```ts
 * new OrganizationRuleset("immutable-tags/acme", {
 *   organization: "acme",
 *   name: "immutable tags",
 *   present: true,
 *   target: "tag",
 *   enforcement: "active",
 *   refs: ["refs/tags/v*"],
 *   bypass: [],
 *   rules: [{ type: "update" }, { type: "deletion" }],
 * });
 * ```
 */
export class OrganizationRuleset extends DynamicResource {
  /**
   * @param inputs `repositories` are patterns of names without the organization, default `~ALL`; `rules` as GitHub's REST names them; of
   *   a rule's parameters only those given are compared
   */
  constructor(
    name: string,
    inputs: Omit<OrganizationRulesetInputs, "repositories"> & Partial<Pick<OrganizationRulesetInputs, "repositories">>,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const whole = { ...inputs, repositories: inputs.repositories ?? ["~ALL"] };
    super("OrganizationRuleset", "organization-ruleset", name, whole, [], { retainOnDelete: false, ...options });
  }
}
