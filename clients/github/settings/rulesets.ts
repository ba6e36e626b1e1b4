import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { readAllPages } from "../pages.ts";
import { gitHub, allowMissing } from "../github.ts";
import { meansMissing } from "./settings-place.ts";
import type { SettingsPlace } from "./settings-place.ts";

/** A ruleset as the REST API returns it. `bypass_actors` is left out for callers that may not write it. */
export type Ruleset = RestEndpointMethodTypes["repos"]["getRepoRuleset"]["response"]["data"];

type RepositoryContent = RestEndpointMethodTypes["repos"]["createRepoRuleset"]["parameters"];
type OrganizationContent = RestEndpointMethodTypes["repos"]["createOrgRuleset"]["parameters"];

/** Patterns of names: exclusion wins. */
export interface NamePatterns {
  include: string[];
  exclude: string[];
}

/** The whole content of a ruleset: GitHub keeps every property that a change leaves out. */
export interface RulesetContent extends Required<
  Pick<RepositoryContent, "name" | "target" | "enforcement" | "bypass_actors" | "rules">
> {
  conditions: {
    ref_name: NamePatterns;
    /** Required for an organization's ruleset, and only there. `protected`: whether the repositories cannot be renamed. */
    repository_name?: NamePatterns & { protected: boolean };
  };
}

/**
 * Finds a ruleset of a place by its name.
 * @returns undefined if there is none of that name
 * @throws ServerRefusal 404 if the place does not exist, or the token may not read it
 */
export async function rulesetNamed(place: SettingsPlace, name: string): Promise<Ruleset | undefined> {
  const { repos } = gitHub().rest;
  const found = (await listOwnRulesets(place)).find((one) => one.name === name);
  if (found === undefined) {
    return undefined;
  }
  const answer: Promise<{ data: Ruleset }> =
    "org" in place
      ? repos.getOrgRuleset({ ...place, ruleset_id: found.id })
      : repos.getRepoRuleset({ ...place, ruleset_id: found.id });
  return (await allowMissing(answer))?.data;
}

/** Creates a ruleset. Not retried; the caller has checked first. */
export async function createRuleset(place: SettingsPlace, content: RulesetContent): Promise<void> {
  const { repos } = gitHub().rest;
  await ("org" in place
    ? repos.createOrgRuleset(toOrganizationContent(place, content))
    : repos.createRepoRuleset({ ...place, ...content }));
}

/** Replaces a whole ruleset. */
export async function replaceRuleset(place: SettingsPlace, id: number, content: RulesetContent): Promise<void> {
  const { repos } = gitHub().rest;
  await ("org" in place
    ? repos.updateOrgRuleset({ ...toOrganizationContent(place, content), ruleset_id: id })
    : repos.updateRepoRuleset({ ...place, ...content, ruleset_id: id }));
}

/**
 * Removes a ruleset; if it is already gone, that is not an error.
 * @throws ServerRefusal 404 if a classic token has no such scope: the ruleset still exists
 */
export async function deleteRuleset(place: SettingsPlace, id: number): Promise<void> {
  const { repos } = gitHub().rest;
  try {
    await ("org" in place
      ? repos.deleteOrgRuleset({ ...place, ruleset_id: id })
      : repos.deleteRepoRuleset({ ...place, ruleset_id: id }));
  } catch (error) {
    if (!meansMissing(error)) {
      throw error;
    }
  }
}

/** Lists the rulesets of the place itself: a repository's without its organization's, an organization's without its enterprise's. */
async function listOwnRulesets(place: SettingsPlace): Promise<{ id: number; name: string }[]> {
  const { repos } = gitHub().rest;
  if (!("org" in place)) {
    return readAllPages(repos.getRepoRulesets, { ...place, includes_parents: false, per_page: 100 });
  }
  const all = await readAllPages(repos.getOrgRulesets, { ...place, per_page: 100 });
  return all.filter(({ source_type: source }) => source !== "Enterprise");
}

function toOrganizationContent(
  place: { org: string },
  { conditions, rules, ...content }: RulesetContent,
): OrganizationContent {
  return {
    ...place,
    ...content,
    conditions: conditions as Required<RulesetContent["conditions"]>,
    // An organization has fewer kinds of rules than a repository; GitHub refuses one that it does not have.
    rules: rules as NonNullable<OrganizationContent["rules"]>,
  };
}
