import { atLeast, packageRole } from "./package-access.ts";
import type { PackageRecord } from "./package-record.ts";
import { ApiError } from "../api/api-error.ts";
import { hasPermissions, hasScope } from "../api/token.ts";
import type { Needs, Token } from "../api/token.ts";

/** What an operation does with packages, in the words of GitHub's refusals. */
export type PackageTask =
  | "list packages"
  | "get a package"
  | "get a package's versions"
  | "get a package version"
  | "delete a package"
  | "delete a package version"
  | "restore a package"
  | "restore a package version";

/** Scopes of a classic token; all of them are needed. */
function scopesOf(task: PackageTask): readonly string[] {
  const [verb] = task.split(" ");
  const more = verb === "delete" ? ["delete:packages"] : verb === "restore" ? ["write:packages"] : [];
  return [...more, "read:packages"];
}

/** For the headers of answers only: no permission helps with GitHub's packages (OpenAPI: `enabledForGitHubApps: false`). */
export function headerNeeds(task: PackageTask): Needs {
  return { permissions: "", scopes: scopesOf(task), role: "read" };
}

/**
 * Refuses a kind of token that cannot do a task with any package:
 * - a classic token without the scopes, in GitHub's words ("You need at least read:packages scope to list packages.");
 * - GITHUB_TOKEN and an App's that list: 400 "Invalid argument." (https://github.com/cli/cli/issues/9606,
 *   https://github.com/actions/github-script/issues/449);
 * - a fine-grained token (https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages).
 * @throws ApiError
 */
export function refuseKind(token: Token, task: PackageTask): void {
  switch (token.kind) {
    case "classic": {
      const scopes = scopesOf(task);
      if (!scopes.every((scope) => hasScope(token, [scope]))) {
        const words = `${scopes.join(" and ")} ${scopes.length === 1 ? "scope" : "scopes"}`;
        throw new ApiError(403, `You need at least ${words} to ${task}.`);
      }
      return;
    }
    case "fine-grained":
      throw new ApiError(403, "Resource not accessible by personal access token");
    case "actions":
    case "app":
      if (task === "list packages") {
        throw new ApiError(400, "Invalid argument.");
      }
      return;
    default:
  }
}

/**
 * The package, if the token may do the task with it.
 * @throws ApiError 404 if it cannot even be read, 403 if the role on it is too low
 */
export function permitted(record: PackageRecord | undefined, token: Token, task: PackageTask): PackageRecord {
  if (record === undefined || !atLeast(packageRole(token, record), "read")) {
    throw packageNotFound();
  }
  const changes = task.startsWith("delete") || task.startsWith("restore");
  if (!changes || atLeast(packageRole(token, record), "admin")) {
    return record;
  }
  if (token.kind === "actions" || token.kind === "app") {
    const lacks = !hasPermissions(token.permissions, "packages=write");
    const header = { "x-accepted-github-permissions": "packages=write" };
    throw new ApiError(403, "Resource not accessible by integration", undefined, lacks ? header : {});
  }
  throw new ApiError(403, "Must have admin rights to Package.");
}

/** 404 in the words of the packages API. */
export function packageNotFound(): ApiError {
  return new ApiError(404, "Package not found.");
}
