import { z } from "zod";
import { namedRuleset } from "./named-ruleset.ts";
import type { Provider } from "../host/provider.ts";
import { RulesetDeclaration } from "./ruleset-declaration.ts";

const Inputs = RulesetDeclaration.extend({
  /** Its login. */
  organization: z.string(),
  /** Patterns of the names of the repositories that it holds for, without the organization: `widgets`, `service-*`, `~ALL`. */
  repositories: z.array(z.string()),
});

/** Inputs of an OrganizationRuleset. */
export type OrganizationRulesetInputs = z.output<typeof Inputs>;

/**
 * A ruleset of an organization, known by its name: one that is there is brought into line, never doubled. It is there or not, as `present`
 * says. It holds beside those of the repositories; where both speak of a ref, GitHub applies both.
 * Source: docs.github.com/rest/orgs/rules.
 */
export const organizationRulesetProvider: Provider<OrganizationRulesetInputs, Record<string, never>> = {
  phrase: ({ organization, name, present }) =>
    `${present ? "setting" : "lifting"} the ruleset \`${name}\` of the organization ${organization}`,
  inputs: Inputs,
  identity: ["organization", "name"],
  id: ({ organization, name }) => `${organization} ${name}`,
  ...namedRuleset<OrganizationRulesetInputs>(({ organization }) => ({ org: organization })),
};
