import type * as pulumi from "@pulumi/pulumi";
import { rulesetNames } from "../../formats/organization/ruleset-names.ts";
import type { OrganizationPlan, RepositoryPlan } from "../../plan/organization/organization.ts";
import type { OrganizationRulesetInputs } from "../../providers/organization/organization-ruleset.ts";
import { OrganizationRuleset } from "./organization-ruleset.ts";
import { Ruleset } from "./ruleset.ts";

/** Whose rulesets they are: a repository's (`owner/name`), or an organization's (its login). */
export type RulesetOwner = { repository: string } | { organization: string };

type Presets = Pick<RepositoryPlan | OrganizationPlan, "immutableTags" | "releaseProtection" | "freeze">;
type Preset<Key extends keyof Presets> = NonNullable<Presets[Key]>;

/** What a preset says, and of an organization's also for which repositories. */
type Content = Omit<OrganizationRulesetInputs, "organization" | "repositories"> & { repositories?: string[] };

/** What a rule's parameter left out would allow is no drift, as only declared ones are compared: so those that weaken a rule are declared. */
const noUpdate = { type: "update", parameters: { update_allows_fetch_and_merge: false } };

/**
 * The rulesets of a repository or an organization that are declared: at most three. Their names are `PRESET/OWNER`, with `owner/name` of a
 * repository.
 */
export function rulesets(
  owner: RulesetOwner,
  presets: Presets,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const declared: [preset: string, content: Content | undefined][] = [
    ["immutable-tags", presets.immutableTags && immutableTags(presets.immutableTags)],
    ["release-protection", presets.releaseProtection && releaseProtection(presets.releaseProtection)],
    ["freeze", presets.freeze && freeze(presets.freeze)],
  ];
  return declared.flatMap(([preset, content]) => {
    if (content === undefined) {
      return [];
    }
    return "repository" in owner
      ? new Ruleset(`${preset}/${owner.repository}`, { ...owner, ...content }, options)
      : new OrganizationRuleset(`${preset}/${owner.organization}`, { ...owner, ...content }, options);
  });
}

/** Tags that no one may move, delete or overwrite. Creating them stays allowed: a release does that. */
function immutableTags({ tags, ...rest }: Preset<"immutableTags">): Content {
  return {
    name: rulesetNames.immutableTags,
    present: true,
    target: "tag",
    refs: tags.map((tag) => ref("tags", tag)),
    rules: [noUpdate, { type: "deletion" }, { type: "non_fast_forward" }],
    ...rest,
  };
}

/** Branches that change by reviewed pull requests only, and are neither deleted nor rewritten. */
function releaseProtection({ branches, reviews, checks, ...rest }: Preset<"releaseProtection">): Content {
  const reviewed = {
    required_approving_review_count: reviews,
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
  };
  const checked = {
    required_status_checks: checks.map((context) => ({ context })),
    strict_required_status_checks_policy: true,
    do_not_enforce_on_create: false,
  };
  return {
    name: rulesetNames.releaseProtection,
    present: true,
    target: "branch",
    refs: branches.map((branch) => ref("heads", branch)),
    rules: [
      { type: "deletion" },
      { type: "non_fast_forward" },
      { type: "pull_request", parameters: reviewed },
      ...(checks.length === 0 ? [] : [{ type: "required_status_checks", parameters: checked }]),
    ],
    ...rest,
  };
}

/**
 * Branches that only those who bypass it may write, as long as it is present. Without `deletion` and `creation` whoever may write could
 * delete a branch and push another of its name. A ruleset of its own, so that lifting it touches nothing else of the protection.
 */
function freeze({ branches, ...rest }: Preset<"freeze">): Content {
  return {
    target: "branch",
    enforcement: "active",
    refs: branches.map((branch) => ref("heads", branch)),
    rules: [{ type: "creation" }, noUpdate, { type: "deletion" }],
    ...rest,
  };
}

function ref(kind: "tags" | "heads", pattern: string): string {
  return pattern.startsWith("~") || pattern.startsWith("refs/") ? pattern : `refs/${kind}/${pattern}`;
}
