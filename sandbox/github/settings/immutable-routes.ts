import { ApiError, fieldsOf, notFound } from "../api/api-error.ts";
import type { RepositoryCall, Route } from "../api/call.ts";
import { isEnforced, isImmutable } from "../releases/immutable-release.ts";
import { selectedRepositories } from "./organization-selection.ts";
import { readOrganization, readSettings, writeOrganization, writeSettings } from "../api/settings-needs.ts";

const repositoryPath = "/repos/{owner}/{repo}/immutable-releases";
const organizationPath = "/orgs/{org}/settings/immutable-releases";

/** Whether releases become immutable when they are published (https://docs.github.com/rest/repos/repos, https://docs.github.com/rest/orgs/orgs). */
export const immutableRoutes: readonly Route[] = [
  {
    method: "GET",
    path: repositoryPath,
    access: "read",
    needs: readSettings,
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

/** The organization's setting. */
export const immutableOrganizationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: organizationPath,
    access: "anyone",
    needs: readOrganization,
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
    path: organizationPath,
    access: "anyone",
    needs: writeOrganization,
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
  ...selectedRepositories(`${organizationPath}/repositories`, {
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
  return { method, path: repositoryPath, access: "write", needs: writeSettings, run };
}
