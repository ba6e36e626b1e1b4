import type * as pulumi from "@pulumi/pulumi";
import type { RulesetInputs } from "../../providers/organization/ruleset.ts";
import { DynamicResource } from "../dynamic-resource.ts";

/**
 * A ruleset of a repository by its name, there or not there. An existing one of this name is brought into line. Destroying the
 * stack removes it, because a setting is nothing published.
 *
 * @example No merges to main until the release is out
 * ```ts
 * new Ruleset("freeze/acme/widgets", {
 *   repository: "acme/widgets",
 *   name: "release freeze",
 *   present: true,
 *   target: "branch",
 *   enforcement: "active",
 *   refs: ["~DEFAULT_BRANCH"],
 *   bypass: [],
 *   rules: [{ type: "creation" }, { type: "update" }, { type: "deletion" }],
 * });
 * ```
 */
export class Ruleset extends DynamicResource {
  /** @param inputs `rules` as GitHub's REST names them; of a rule's parameters only those given are compared */
  constructor(name: string, inputs: RulesetInputs, options: pulumi.CustomResourceOptions = {}) {
    super("Ruleset", "ruleset", name, inputs, [], { retainOnDelete: false, ...options });
  }
}
