import type { Needs } from "./token.ts";

/** Reading what everybody who sees a repository may see. */
export const METADATA: Needs = { permissions: "metadata=read", scopes: ["repo"], role: "read" };

/** Reading environments and subject templates; in public repositories anybody may. */
export const READ_ACTIONS: Needs = { permissions: "actions=read", scopes: ["repo"], role: "read" };

/** Changing a subject template. */
export const WRITE_ACTIONS: Needs = { permissions: "actions=write", scopes: ["repo"], role: "admin" };

/** Reading a repository's settings. */
export const READ_SETTINGS: Needs = { permissions: "administration=read", scopes: ["repo"], role: "admin" };

/** Changing a repository's settings. GITHUB_TOKEN can never have this permission. */
export const WRITE_SETTINGS: Needs = { permissions: "administration=write", scopes: ["repo"], role: "admin" };

/** Reading what oneself is in an organization. */
export const READ_MEMBERSHIP: Needs = { permissions: "members=read", scopes: ["read:org", "user"], role: "read" };

/** Reading an organization's settings. */
export const READ_ORGANIZATION: Needs = {
  permissions: "organization_administration=read",
  scopes: ["admin:org"],
  role: "admin",
};

/** Changing an organization's settings; its rulesets take this also to be read (https://github.com/orgs/community/discussions/72148). */
export const WRITE_ORGANIZATION: Needs = { ...READ_ORGANIZATION, permissions: "organization_administration=write" };
