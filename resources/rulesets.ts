import type * as pulumi from "@pulumi/pulumi";
import type { RepositoryPlan } from "../plan/organization.ts";
import { Ruleset } from "./ruleset.ts";

type Preset<Key extends keyof RepositoryPlan> = NonNullable<RepositoryPlan[Key]>;

/**
 * Tags that nobody moves or deletes, and that nobody pushes anything else over. Making them stays free: a release does that.
 * @param repository `owner/name`
 */
export function immutableTags(
  repository: string,
  { tags, bypass, enforcement }: Preset<"immutableTags">,
  options: pulumi.CustomResourceOptions,
): Ruleset {
  return new Ruleset(
    `immutable-tags/${repository}`,
    {
      repository,
      name: "immutable tags",
      present: true,
      target: "tag",
      enforcement,
      refs: tags.map((tag) => ref("tags", tag)),
      bypass,
      rules: [{ type: "update" }, { type: "deletion" }, { type: "non_fast_forward" }],
    },
    options,
  );
}

/**
 * Branches that change by reviewed pull requests only, and are neither deleted nor rewritten.
 * @param repository `owner/name`
 */
export function releaseProtection(
  repository: string,
  { branches, reviews, checks, bypass, enforcement }: Preset<"releaseProtection">,
  options: pulumi.CustomResourceOptions,
): Ruleset {
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
  };
  return new Ruleset(
    `release-protection/${repository}`,
    {
      repository,
      name: "release protection",
      present: true,
      target: "branch",
      enforcement,
      refs: branches.map((branch) => ref("heads", branch)),
      bypass,
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        { type: "pull_request", parameters: reviewed },
        ...(checks.length === 0 ? [] : [{ type: "required_status_checks", parameters: checked }]),
      ],
    },
    options,
  );
}

/**
 * Branches that nobody writes but those who bypass it, as long as it is present. A ruleset of its own, so that lifting it touches nothing
 * else of a repository's protection.
 * @param repository `owner/name`
 */
export function freeze(
  repository: string,
  { name, present, branches, bypass }: Preset<"freeze">,
  options: pulumi.CustomResourceOptions,
): Ruleset {
  return new Ruleset(
    `freeze/${repository}`,
    {
      repository,
      name,
      present,
      target: "branch",
      enforcement: "active",
      refs: branches.map((branch) => ref("heads", branch)),
      bypass,
      rules: [{ type: "update" }],
    },
    options,
  );
}

function ref(kind: "tags" | "heads", pattern: string): string {
  return pattern.startsWith("~") || pattern.startsWith("refs/") ? pattern : `refs/${kind}/${pattern}`;
}
