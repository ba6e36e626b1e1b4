import {
  ActionsOrganizationWorkflowPermissions,
  ActionsRepositoryPermissions,
  OrganizationRuleset,
  RepositoryEnvironment,
  RepositoryEnvironmentDeploymentPolicy,
  RepositoryRuleset,
  WorkflowRepositoryPermissions,
} from "@pulumi/github";

const repository = "widgets";

const prod = new RepositoryEnvironment("prod", {
  repository,
  environment: "prod",
  waitTimer: 5,
  preventSelfReview: true,
  reviewers: [{ users: [41], teams: [42] }],
  deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
});

/**
 * A Pulumi program: settings of acme and acme/widgets. Which GitHub, and with which token, is said by the plugin's own
 * variables GITHUB_BASE_URL, GITHUB_OWNER and GITHUB_TOKEN.
 */
export const settings = [
  prod,
  new RepositoryRuleset("tags", {
    name: "release tags",
    repository,
    target: "tag",
    enforcement: "active",
    bypassActors: [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }],
    conditions: { refName: { includes: ["refs/tags/v*"], excludes: ["refs/tags/v0*"] } },
    rules: { update: true, deletion: true, nonFastForward: true },
  }),
  new RepositoryRuleset("main", {
    name: "main",
    repository,
    target: "branch",
    enforcement: "active",
    conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
    rules: {
      deletion: true,
      pullRequest: { requiredApprovingReviewCount: 1, dismissStaleReviewsOnPush: true },
      requiredStatusChecks: { requiredChecks: [{ context: "ci" }], strictRequiredStatusChecksPolicy: true },
    },
  }),
  new OrganizationRuleset("everywhere", {
    name: "everywhere",
    target: "tag",
    enforcement: "active",
    conditions: {
      refName: { includes: ["~ALL"], excludes: [] },
      repositoryName: { includes: ["~ALL"], excludes: ["sandbox-*"], protected: false },
    },
    rules: { deletion: true },
  }),
  new ActionsOrganizationWorkflowPermissions("defaults", {
    organizationSlug: "acme",
    defaultWorkflowPermissions: "write",
    canApprovePullRequestReviews: false,
  }),
  new WorkflowRepositoryPermissions("defaults", { repository, defaultWorkflowPermissions: "read" }),
  new ActionsRepositoryPermissions("actions", {
    repository,
    allowedActions: "selected",
    allowedActionsConfig: { githubOwnedAllowed: true, verifiedAllowed: false, patternsAlloweds: ["acme/*"] },
    shaPinningRequired: true,
  }),
  new RepositoryEnvironmentDeploymentPolicy("prod tags", {
    repository,
    environment: prod.environment,
    tagPattern: "v*",
  }),
];
