import { ApiError, notFound } from "../api/api-error.ts";
import { maySee, repositoryRole } from "../api/authorization.ts";
import { page } from "../api/call.ts";
import type { Call, Route } from "../api/call.ts";
import { membershipPayload, organizationPayload } from "./organization-payload.ts";
import { repositoryPayload } from "../accounts/repository-payload.ts";
import { readMembership, readOrganization } from "../api/settings-needs.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { hasPermissions, hasScope, mayDo } from "../api/token.ts";

/**
 * Organizations, their repositories, and the caller's membership (https://docs.github.com/rest/orgs/orgs, https://docs.github.com/rest/repos/repos,
 * https://docs.github.com/rest/orgs/members#get-an-organization-membership-for-the-authenticated-user).
 */
export const organizationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}",
    access: "anyone",
    async run(call) {
      const all = repositoriesOf(call);
      const login = all[0]?.owner ?? call.params["org"] ?? "";
      const administrator = call.account !== undefined && mayDo(call.account.token, readOrganization, { owner: login });
      const privateRepositories = all.filter((record) => record.private).length;
      const counts = { login, privateRepositories, publicRepositories: all.length - privateRepositories };
      const plan = administrator ? call.settings.organization(login).plan : undefined;
      return { status: 200, json: organizationPayload(counts, call.links, plan) };
    },
  },
  {
    method: "GET",
    path: "/user/memberships/orgs/{org}",
    access: "anyone",
    needs: readMembership,
    refusesItself: true,
    async run({ account, params, links }) {
      if (account === undefined) {
        throw new ApiError(401, "Requires authentication");
      }
      const { token, login } = account;
      if (token.kind === "actions" || token.kind === "app") {
        throw new ApiError(403, "Resource not accessible by integration");
      }
      if (token.kind === "classic" && !hasScope(token, readMembership.scopes)) {
        throw new ApiError(403, noScope);
      }
      if (token.kind === "fine-grained" && !hasPermissions(token.permissions, readMembership.permissions)) {
        const header = { "x-accepted-github-permissions": readMembership.permissions };
        throw new ApiError(403, "Resource not accessible by personal access token", undefined, header);
      }
      const organization = params["org"] ?? "";
      const role = repositoryRole(token, { owner: organization });
      if (role === "none") {
        throw notFound();
      }
      return { status: 200, json: membershipPayload(organization, login, role === "admin", links) };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/repos",
    access: "anyone",
    async run(call) {
      const { query, account, links } = call;
      const type = query.get("type") ?? "all";
      const shown = repositoriesOf(call)
        .filter((record) => !record.private || (account !== undefined && maySee(account.token, record)))
        .filter((record) => type === "all" || type === "sources" || type === (record.private ? "private" : "public"))
        .sort(order(query.get("sort") ?? "created", query.get("direction")));
      const { items, headers } = page(shown, call);
      return { status: 200, json: items.map((record) => repositoryPayload(record, links, account?.push)), headers };
    },
  },
];

/** 403 is documented for the same scopes at https://docs.github.com/rest/orgs/orgs#list-organizations-for-the-authenticated-user; the words are ours. */
const noScope = "You need at least read:org scope or user scope to get your organization membership.";

/** Restricts a route to owners that are organizations. */
export function ofOrganizations(
  routes: readonly Route[],
  isOrganization: (owner: string, call: Call) => boolean,
): readonly Route[] {
  return routes.map((route) => {
    if (route.access !== "anyone") {
      return route;
    }
    return {
      ...route,
      async run(call: Call) {
        if (!isOrganization(call.params["org"] ?? "", call)) {
          throw notFound();
        }
        return route.run(call);
      },
    };
  });
}

/** The repositories of the path's organization, oldest first. */
export function repositoriesOf({ store, params }: Call): RepositoryRecord[] {
  const wanted = (params["org"] ?? "").toLowerCase();
  return store
    .all()
    .map(({ record }) => record)
    .filter(({ owner }) => owner.toLowerCase() === wanted);
}

function order(sort: string, direction: string | null): (a: RepositoryRecord, b: RepositoryRecord) => number {
  // By default names go up and times down. The double has only one time, and ids go up with it.
  const sign = (direction ?? (sort === "full_name" ? "asc" : "desc")) === "asc" ? 1 : -1;
  return (a, b) => sign * (sort === "full_name" ? a.name.localeCompare(b.name) : a.id - b.id);
}
