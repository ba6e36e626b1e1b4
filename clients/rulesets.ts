import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import type { Repository } from "./git-refs.ts";
import { gitHub, orMissing } from "./github.ts";

/** A ruleset of a repository as the REST API gives it. `bypass_actors` is left out for callers that may not write it. */
export type Ruleset = RestEndpointMethodTypes["repos"]["getRepoRuleset"]["response"]["data"];

/** What a ruleset is made from. */
export type RulesetContent = Pick<
  RestEndpointMethodTypes["repos"]["createRepoRuleset"]["parameters"],
  "name" | "target" | "enforcement" | "bypass_actors" | "conditions" | "rules"
>;

/** Id and name of each ruleset of a repository; those of the organization are left out. */
export function repositoryRulesets(repository: Repository): Promise<{ id: number; name: string }[]> {
  const { rest, paginate } = gitHub();
  return paginate(rest.repos.getRepoRulesets, { ...repository, includes_parents: false, per_page: 100 });
}

/**
 * A repository's own ruleset by its name.
 * @returns undefined where there is none of that name
 */
export async function rulesetNamed(repository: Repository, name: string): Promise<Ruleset | undefined> {
  const found = (await repositoryRulesets(repository)).find((one) => one.name === name);
  if (found === undefined) return undefined;
  return (await orMissing(gitHub().rest.repos.getRepoRuleset({ ...repository, ruleset_id: found.id })))?.data;
}

/** Makes a ruleset. Not retried; whoever calls looked first. */
export async function createRuleset(repository: Repository, content: RulesetContent): Promise<void> {
  await gitHub().rest.repos.createRepoRuleset({ ...repository, ...content });
}

/** Puts a whole ruleset in the place of another. */
export async function replaceRuleset(repository: Repository, id: number, content: RulesetContent): Promise<void> {
  await gitHub().rest.repos.updateRepoRuleset({ ...repository, ...content, ruleset_id: id });
}

/** Removes a ruleset; one that is gone already is no error. */
export async function deleteRuleset(repository: Repository, id: number): Promise<void> {
  await orMissing(gitHub().rest.repos.deleteRepoRuleset({ ...repository, ruleset_id: id }));
}
