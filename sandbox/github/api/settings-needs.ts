import type { Needs } from "./token.ts";

/** Reading data that is visible to everyone who can see a repository. */
export const metadata: Needs = { permissions: "metadata=read", scopes: ["repo"], role: "read" };

/** Reading environments and subject templates; in public repositories anyone may. */
export const readActions: Needs = { permissions: "actions=read", scopes: ["repo"], role: "read" };

/** Changing a subject template. */
export const writeActions: Needs = { permissions: "actions=write", scopes: ["repo"], role: "admin" };

/** Reading a repository's settings. */
export const readSettings: Needs = { permissions: "administration=read", scopes: ["repo"], role: "admin" };

/** Changing a repository's settings. GITHUB_TOKEN can never have this permission. */
export const writeSettings: Needs = { permissions: "administration=write", scopes: ["repo"], role: "admin" };

/** Reading one's own membership of an organization. */
export const readMembership: Needs = { permissions: "members=read", scopes: ["read:org", "user"], role: "read" };

/** Reading an organization's settings. */
export const readOrganization: Needs = {
  permissions: "organization_administration=read",
  scopes: ["admin:org"],
  role: "admin",
};

/** Changing an organization's settings; its rulesets require this even for reading (https://github.com/orgs/community/discussions/72148). */
export const writeOrganization: Needs = { ...readOrganization, permissions: "organization_administration=write" };
