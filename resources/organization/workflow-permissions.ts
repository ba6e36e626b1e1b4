import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositoryPlan } from "../../plan/organization/organization.ts";

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
  const { permissions, actions } = workflows;
  return [
    ...(permissions === undefined
      ? []
      : [
          new github.WorkflowRepositoryPermissions(
            `workflow-permissions/${repository}`,
            { repository, ...defaults(workflows) },
            options,
          ),
        ]),
    ...(actions === undefined
      ? []
      : [
          new github.ActionsRepositoryPermissions(
            `actions/${repository}`,
            { repository, enabled: true, ...allowed(workflows) },
            options,
          ),
        ]),
  ];
}

/** What workflows of every repository of an organization may do. */
export function organizationWorkflows(
  organization: string,
  workflows: Workflows,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { permissions, actions } = workflows;
  return [
    ...(permissions === undefined
      ? []
      : [
          new github.ActionsOrganizationWorkflowPermissions(
            `workflow-permissions/${organization}`,
            { organizationSlug: organization, ...defaults(workflows) },
            options,
          ),
        ]),
    ...(actions === undefined
      ? []
      : [
          new github.ActionsOrganizationPermissions(
            `actions/${organization}`,
            { enabledRepositories: "all", ...allowed(workflows) },
            options,
          ),
        ]),
  ];
}

function defaults({ permissions, approvePullRequests = false }: Workflows) {
  return {
    ...(permissions === undefined ? {} : { defaultWorkflowPermissions: permissions }),
    canApprovePullRequestReviews: approvePullRequests,
  };
}

function allowed({ actions, pinned, gitHubOwned = true, verified = false, patterns = [] }: Workflows) {
  const config = { githubOwnedAllowed: gitHubOwned, verifiedAllowed: verified, patternsAlloweds: patterns };
  return {
    ...(actions === undefined ? {} : { allowedActions: actions }),
    ...(pinned ? { shaPinningRequired: true } : {}),
    ...(actions === "selected" ? { allowedActionsConfig: config } : {}),
  };
}
