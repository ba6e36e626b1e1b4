import type { Links } from "../api/links.ts";
import type { EnvironmentRecord } from "../store/settings-store.ts";
import { nodeId, simpleUser } from "../accounts/user-payload.ts";

/** Schema `environment`. Its rules have their own ids, derived from its id. */
export function environmentPayload(
  environment: EnvironmentRecord,
  fullName: string,
  links: Links,
): Record<string, unknown> {
  const { id, name, waitTimer, reviewers, branchPolicy } = environment;
  const rule = (offset: number, type: string, more: object = {}) => ({
    id: id * 10 + offset,
    node_id: nodeId("GA", id * 10 + offset),
    type,
    ...more,
  });
  return {
    id,
    node_id: nodeId("EN", id),
    name,
    url: `${links.api}/repos/${fullName}/environments/${encodeURIComponent(name)}`,
    html_url: `${links.web}/${fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: environment.canAdminsBypass,
    protection_rules: [
      ...(waitTimer > 0 ? [rule(1, "wait_timer", { wait_timer: waitTimer })] : []),
      ...(reviewers.length > 0
        ? [
            rule(2, "required_reviewers", {
              prevent_self_review: environment.preventSelfReview,
              reviewers: reviewers.map((reviewer) => ({
                type: reviewer.type,
                reviewer: reviewer.type === "User" ? userPayload(reviewer.id, links) : teamPayload(reviewer.id, links),
              })),
            }),
          ]
        : []),
      ...(branchPolicy === null ? [] : [rule(3, "branch_policy")]),
    ],
    deployment_branch_policy:
      branchPolicy === null
        ? null
        : { protected_branches: branchPolicy.protected, custom_branch_policies: branchPolicy.custom },
  };
}

/** The double stores neither people nor teams: their names are derived from their ids. */
function userPayload(id: number, links: Links): Record<string, unknown> {
  return { ...simpleUser(`user-${id}`, links), id };
}

function teamPayload(id: number, links: Links): Record<string, unknown> {
  const url = `${links.api}/teams/${id}`;
  return {
    id,
    node_id: nodeId("T", id),
    url,
    html_url: `${links.web}/teams/team-${id}`,
    name: `team-${id}`,
    slug: `team-${id}`,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    parent: null,
  };
}
