import { z } from "zod";
import { makeRulesetProvider } from "./named-ruleset.ts";
import type { Provider } from "../host/provider.ts";
import { RulesetDeclaration } from "./ruleset-declaration.ts";

const Inputs = RulesetDeclaration.extend({
  /** Its login. */
  organization: z.string(),
  /** Patterns of the names of the repositories that it applies to, without the organization: `widgets`, `service-*`, `~ALL`. */
  repositories: z.array(z.string()),
});

/** Inputs of an OrganizationRuleset. */
export type OrganizationRulesetInputs = z.output<typeof Inputs>;

/**
 * A ruleset of an organization, identified by its name: an existing one is brought into line, never duplicated. `present` says whether it
 * exists. It applies in addition to those of the repositories; if both match a ref, GitHub applies both.
 * Source: docs.github.com/rest/orgs/rules.
 */
export const organizationRulesetProvider: Provider<OrganizationRulesetInputs, Record<string, never>> = {
  phrase: ({ organization, name, present }) =>
    `${present ? "setting" : "lifting"} the ruleset \`${name}\` of the organization ${organization}`,
  inputs: Inputs,
  identity: ["organization", "name"],
  id: ({ organization, name }) => `${organization} ${name}`,
  ...makeRulesetProvider<OrganizationRulesetInputs>(({ organization }) => ({ org: organization })),
};
