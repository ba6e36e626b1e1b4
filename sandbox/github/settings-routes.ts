import { actionsPermissionOrganizationRoutes } from "./actions-permission-organization-routes.ts";
import { actionsPermissionRoutes } from "./actions-permission-routes.ts";
import type { Route } from "./call.ts";
import { environmentBranchRoutes } from "./environment-branch-routes.ts";
import { environmentRoutes } from "./environment-routes.ts";
import { immutableOrganizationRoutes, immutableRoutes } from "./immutable-routes.ts";
import { oidcRoutes } from "./oidc-routes.ts";
import { ofOrganizations, organizationRoutes, repositoriesOf } from "./organization-routes.ts";
import { rulesetRoutes } from "./ruleset-routes.ts";

/** Who owns what, as far as organizations have to be told from people. */
export interface Owners {
  isPerson(owner: string): boolean;
  hasPackages(owner: string): boolean;
}

/**
 * Settings of repositories and organizations. An owner is an organization unless it is known as a person, and as long as it
 * has a repository or a package.
 */
export function settingsRoutes({ isPerson, hasPackages }: Owners): readonly Route[] {
  const routes = [
    ...organizationRoutes,
    ...rulesetRoutes,
    ...actionsPermissionRoutes,
    ...actionsPermissionOrganizationRoutes,
    ...oidcRoutes,
    ...environmentRoutes,
    ...environmentBranchRoutes,
    ...immutableRoutes,
    ...immutableOrganizationRoutes,
  ];
  return ofOrganizations(
    routes,
    (owner, call) => !isPerson(owner) && (repositoriesOf(call).length > 0 || hasPackages(owner)),
  );
}
