import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositoryPlan } from "../plan/organization.ts";

type Workflows = NonNullable<RepositoryPlan["workflows"]>;

/**
 * What workflows of one repository may do.
 * @param repository without its owner
 */
export function repositoryWorkflows(
  repository: string,
  workflows: Workflows,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
    new github.WorkflowRepositoryPermissions(
      `workflow-permissions/${repository}`,
      {
        repository,
        defaultWorkflowPermissions: workflows.permissions,
        canApprovePullRequestReviews: workflows.approvePullRequests,
      },
      options,
    ),
    new github.ActionsRepositoryPermissions(
      `actions/${repository}`,
      {
        repository,
        enabled: true,
        allowedActions: workflows.actions,
        shaPinningRequired: workflows.pinned,
        ...selected(workflows),
      },
      options,
    ),
  ];
}

/** What workflows of every repository of an organization may do. */
export function organizationWorkflows(
  organization: string,
  workflows: Workflows,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
    new github.ActionsOrganizationWorkflowPermissions(
      `workflow-permissions/${organization}`,
      {
        organizationSlug: organization,
        defaultWorkflowPermissions: workflows.permissions,
        canApprovePullRequestReviews: workflows.approvePullRequests,
      },
      options,
    ),
    new github.ActionsOrganizationPermissions(
      `actions/${organization}`,
      {
        enabledRepositories: "all",
        allowedActions: workflows.actions,
        shaPinningRequired: workflows.pinned,
        ...selected(workflows),
      },
      options,
    ),
  ];
}

function selected({ actions, gitHubOwned, verified, patterns }: Workflows) {
  if (actions !== "selected") return {};
  return {
    allowedActionsConfig: { githubOwnedAllowed: gitHubOwned, verifiedAllowed: verified, patternsAlloweds: patterns },
  };
}
