import { actionsPermissionOrganizationRoutes } from "./settings/actions-permission-organization-routes.ts";
import { actionsPermissionRoutes } from "./settings/actions-permission-routes.ts";
import type { Route } from "./api/call.ts";
import { environmentBranchRoutes } from "./environments/environment-branch-routes.ts";
import { environmentRoutes } from "./environments/environment-routes.ts";
import { immutableOrganizationRoutes, immutableRoutes } from "./settings/immutable-routes.ts";
import { oidcRoutes } from "./settings/oidc-routes.ts";
import { ofOrganizations, organizationRoutes, repositoriesOf } from "./settings/organization-routes.ts";
import { rulesetRoutes } from "./rulesets/ruleset-routes.ts";

/** The owners, to distinguish organizations from people. */
export interface Owners {
  isPerson(owner: string): boolean;
  hasPackages(owner: string): boolean;
}

/**
 * Settings of repositories and organizations. An owner is an organization unless it is known as a person, and only while it
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
