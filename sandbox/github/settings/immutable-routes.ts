import { ApiError, fieldsOf, notFound } from "../api/api-error.ts";
import type { RepositoryCall, Route } from "../api/call.ts";
import { isEnforced, isImmutable } from "../releases/immutable-release.ts";
import { selectedRepositories } from "./organization-selection.ts";
import { READ_ORGANIZATION, READ_SETTINGS, WRITE_ORGANIZATION, WRITE_SETTINGS } from "../api/settings-needs.ts";

const REPOSITORY = "/repos/{owner}/{repo}/immutable-releases";
const ORGANIZATION = "/orgs/{org}/settings/immutable-releases";

/** Whether releases become immutable when they are published (https://docs.github.com/rest/repos/repos, https://docs.github.com/rest/orgs/orgs). */
export const immutableRoutes: readonly Route[] = [
  {
    method: "GET",
    path: REPOSITORY,
    access: "read",
    needs: READ_SETTINGS,
    async run({ settings, repository: { record } }) {
      if (!isImmutable(settings, record)) {
        throw notFound();
      }
      return { status: 200, json: { enabled: true, enforced_by_owner: isEnforced(settings, record) } };
    },
  },
  setting("PUT", true),
  setting("DELETE", false),
];

/** The organization's word on it. */
export const immutableOrganizationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: ORGANIZATION,
    access: "anyone",
    needs: READ_ORGANIZATION,
    async run({ settings, params, links }) {
      const org = params["org"] ?? "";
      const { enforced } = settings.organization(org).immutableReleases;
      const url = `${links.api}/orgs/${org}/settings/immutable-releases/repositories`;
      const selected = enforced === "selected" ? { selected_repositories_url: url } : {};
      return { status: 200, json: { enforced_repositories: enforced, ...selected } };
    },
  },
  {
    method: "PUT",
    path: ORGANIZATION,
    access: "anyone",
    needs: WRITE_ORGANIZATION,
    async run({ settings, params, body }) {
      const { immutableReleases } = settings.organization(params["org"] ?? "");
      const enforced = fieldsOf(body).choice("enforced_repositories", ["all", "none", "selected"] as const);
      if (enforced === undefined) {
        throw new ApiError(422, 'Invalid request.\n\n"enforced_repositories" wasn\'t supplied.');
      }
      const { selected_repository_ids: ids } = body as { selected_repository_ids?: number[] };
      immutableReleases.enforced = enforced;
      immutableReleases.selectedRepositories = ids ?? immutableReleases.selectedRepositories;
      await settings.save();
      return { status: 204 };
    },
  },
  ...selectedRepositories(`${ORGANIZATION}/repositories`, {
    ids: ({ immutableReleases }) => immutableReleases.selectedRepositories,
    set: ({ immutableReleases }, ids) => (immutableReleases.selectedRepositories = ids),
    isSelected: ({ immutableReleases }) => immutableReleases.enforced === "selected",
  }),
];

function setting(method: "PUT" | "DELETE", enabled: boolean): Route {
  const run = async ({ settings, fullName, repository: { record } }: RepositoryCall) => {
    if (isEnforced(settings, record)) {
      throw new ApiError(409, "Conflict");
    }
    settings.repository(fullName).immutableReleases = enabled;
    await settings.save();
    return { status: 204 };
  };
  return { method, path: REPOSITORY, access: "write", needs: WRITE_SETTINGS, run };
}
