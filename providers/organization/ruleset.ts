import { z } from "zod";
import { repositoryOf } from "../../clients/github/git-refs.ts";
import { makeRulesetProvider } from "./named-ruleset.ts";
import type { Provider } from "../host/provider.ts";
import { RulesetDeclaration } from "./ruleset-declaration.ts";

const Inputs = RulesetDeclaration.extend({
  /** `owner/name`. */
  repository: z.string(),
});

/** Inputs of a Ruleset. */
export type RulesetInputs = z.output<typeof Inputs>;

/**
 * A ruleset of a repository, identified by its name: an existing one is brought into line, never duplicated. `present` says whether it
 * exists.
 * Source: docs.github.com/rest/repos/rules; "Available rules for rulesets".
 */
export const rulesetProvider: Provider<RulesetInputs, Record<string, never>> = {
  phrase: ({ repository, name, present }) =>
    `${present ? "setting" : "lifting"} the ruleset \`${name}\` of ${repository}`,
  inputs: Inputs,
  identity: ["repository", "name"],
  id: ({ repository, name }) => `${repository} ${name}`,
  ...makeRulesetProvider<RulesetInputs>(({ repository }) => repositoryOf(repository)),
};
