import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { everyPage } from "../pages.ts";
import { gitHub, orMissing } from "../github.ts";
import { meansMissing } from "./settings-place.ts";
import type { SettingsPlace } from "./settings-place.ts";

/** A ruleset as the REST API gives it. `bypass_actors` is left out for callers that may not write it. */
export type Ruleset = RestEndpointMethodTypes["repos"]["getRepoRuleset"]["response"]["data"];

type RepositoryContent = RestEndpointMethodTypes["repos"]["createRepoRuleset"]["parameters"];
type OrganizationContent = RestEndpointMethodTypes["repos"]["createOrgRuleset"]["parameters"];

/** Patterns of names: what is excluded wins. */
export interface NamePatterns {
  include: string[];
  exclude: string[];
}

/** What a ruleset is made from, whole: GitHub keeps what a change leaves out. */
export interface RulesetContent extends Required<
  Pick<RepositoryContent, "name" | "target" | "enforcement" | "bypass_actors" | "rules">
> {
  conditions: {
    ref_name: NamePatterns;
    /** Of an organization's, and always of that. `protected`: whether renaming of the repositories is prevented. */
    repository_name?: NamePatterns & { protected: boolean };
  };
}

/**
 * A ruleset that was set at a place, by its name.
 * @returns undefined where there is none of that name
 * @throws ServerRefusal 404 where the place is not there, or the token may not look
 */
export async function rulesetNamed(place: SettingsPlace, name: string): Promise<Ruleset | undefined> {
  const { repos } = gitHub().rest;
  const found = (await ownRulesets(place)).find((one) => one.name === name);
  if (found === undefined) {
    return undefined;
  }
  const answer: Promise<{ data: Ruleset }> =
    "org" in place
      ? repos.getOrgRuleset({ ...place, ruleset_id: found.id })
      : repos.getRepoRuleset({ ...place, ruleset_id: found.id });
  return (await orMissing(answer))?.data;
}

/** Makes a ruleset. Not retried; whoever calls looked first. */
export async function createRuleset(place: SettingsPlace, content: RulesetContent): Promise<void> {
  const { repos } = gitHub().rest;
  await ("org" in place
    ? repos.createOrgRuleset(ofOrganization(place, content))
    : repos.createRepoRuleset({ ...place, ...content }));
}

/** Puts a whole ruleset in the place of another. */
export async function replaceRuleset(place: SettingsPlace, id: number, content: RulesetContent): Promise<void> {
  const { repos } = gitHub().rest;
  await ("org" in place
    ? repos.updateOrgRuleset({ ...ofOrganization(place, content), ruleset_id: id })
    : repos.updateRepoRuleset({ ...place, ...content, ruleset_id: id }));
}

/**
 * Removes a ruleset; one that is gone already is no error.
 * @throws ServerRefusal 404 where a classic token lacks the scope: the ruleset is still there
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

/** Those that were set at the place itself: a repository's without its organization's, an organization's without its enterprise's. */
async function ownRulesets(place: SettingsPlace): Promise<{ id: number; name: string }[]> {
  const { repos } = gitHub().rest;
  if (!("org" in place)) {
    return everyPage(repos.getRepoRulesets, { ...place, includes_parents: false, per_page: 100 });
  }
  const all = await everyPage(repos.getOrgRulesets, { ...place, per_page: 100 });
  return all.filter(({ source_type: source }) => source !== "Enterprise");
}

function ofOrganization(
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
