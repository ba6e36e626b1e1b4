import type { Links } from "../api/links.ts";
import type { OrganizationSettings } from "../store/settings-store.ts";
import { accountId, nodeId, simpleUser } from "../accounts/user-payload.ts";

/** The numbers that an organization's answer contains. */
export interface OrganizationCounts {
  login: string;
  publicRepositories: number;
  privateRepositories: number;
}

/** Schema `organization-full`. Only its administrators get `plan`: undefined leaves it out. */
export function organizationPayload(
  { login, publicRepositories, privateRepositories }: OrganizationCounts,
  links: Links,
  plan: OrganizationSettings["plan"] | undefined,
): Record<string, unknown> {
  return {
    ...simpleOrganization(login, links),
    html_url: `${links.web}/${login}`,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: publicRepositories,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: "Organization",
    created_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
    archived_at: null,
    ...(plan === undefined
      ? {}
      : {
          total_private_repos: privateRepositories,
          owned_private_repos: privateRepositories,
          plan: { name: plan, space: 976_562_499, private_repos: 999_999, filled_seats: 1, seats: 1 },
        }),
  };
}

/** Schema `org-membership`: an active member; the sandbox has no invitations. */
export function membershipPayload(
  organization: string,
  login: string,
  owner: boolean,
  links: Links,
): Record<string, unknown> {
  return {
    url: `${links.api}/orgs/${organization}/memberships/${login}`,
    state: "active",
    role: owner ? "admin" : "member",
    organization_url: `${links.api}/orgs/${organization}`,
    organization: simpleOrganization(organization, links),
    user: simpleUser(login, links),
    direct_membership: true,
    enterprise_teams_providing_indirect_membership: [],
  };
}

/** Schema `organization-simple`. */
function simpleOrganization(login: string, links: Links): Record<string, unknown> {
  const url = `${links.api}/orgs/${login}`;
  return {
    login,
    id: accountId(login),
    node_id: nodeId("O", accountId(login)),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${links.web}/avatars/u/${accountId(login)}`,
    description: null,
  };
}
