import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositoryPlan } from "../plan/organization/organization.ts";

/**
 * An environment with its reviewers, and the refs that may deploy to it. A pattern that leaves the program is removed, whatever is kept
 * otherwise: kept, its refs could deploy for ever.
 * @param repository without its owner
 */
export function environment(
  repository: string,
  { name, reviewers, selfReview, wait, tags, branches }: RepositoryPlan["environments"][number],
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const anyRef = tags.length + branches.length === 0;
  const made = new github.RepositoryEnvironment(
    `environment/${repository}/${name}`,
    {
      repository,
      environment: name,
      preventSelfReview: !selfReview,
      waitTimer: wait,
      ...(reviewers.teams.length + reviewers.users.length === 0 ? {} : { reviewers: [reviewers] }),
      ...(anyRef ? {} : { deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } }),
    },
    options,
  );
  const place = { repository, environment: made.environment };
  const policies = [
    ...tags.map((tagPattern) => ({ kind: "tag", pattern: tagPattern, policy: { tagPattern } })),
    ...branches.map((branchPattern) => ({ kind: "branch", pattern: branchPattern, policy: { branchPattern } })),
  ];
  return [
    made,
    ...policies.map(
      ({ kind, pattern, policy }) =>
        new github.RepositoryEnvironmentDeploymentPolicy(
          `environment/${repository}/${name}/${kind}/${pattern}`,
          { ...place, ...policy },
          { ...options, retainOnDelete: false },
        ),
    ),
  ];
}
