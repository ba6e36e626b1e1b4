import type { MissingPermission } from "../../errors/missing-permission.ts";

/** Scopes within a wider one. Source: docs.github.com, "Scopes for OAuth apps". */
const within: Readonly<Record<string, readonly string[]>> = {
  repo: ["public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
  "write:packages": ["read:packages"],
};

/**
 * Reads from GitHub's headers which permission the token of a refused request does not have. Every answer has these headers, so only refusals
 * that it can cause count: 403 "Resource not accessible by …" for tokens with permissions, 403 and 404 for a classic token without any of the
 * scopes.
 * Source: docs.github.com, "Troubleshooting the REST API".
 * @param words GitHub's words
 * @returns undefined if the headers name nothing, or nothing that is missing
 */
export function findMissingPermission(
  status: number,
  words: string,
  headers: Readonly<Record<string, string | number | undefined>>,
): MissingPermission | undefined {
  const permissions = String(headers["x-accepted-github-permissions"] ?? "").trim();
  if (status === 403 && /Resource not accessible by/i.test(words) && permissions.includes("=")) {
    return permissions.startsWith("allows_permissionless_access") ? undefined : { permissions };
  }
  const scopes = String(headers["x-accepted-oauth-scopes"] ?? "").trim();
  // GitHub names the scopes of classic tokens only, even if there are none.
  const held = headers["x-oauth-scopes"];
  if (held === undefined || scopes === "" || (status !== 403 && status !== 404)) {
    return undefined;
  }
  if (/rate limit/i.test(words) || holdsOne(splitList(scopes), splitList(String(held)))) {
    return undefined;
  }
  return { scopes, held: String(held).trim() };
}

function holdsOne(accepted: readonly string[], held: readonly string[]): boolean {
  const all = new Set(held.flatMap((scope) => [scope, ...(within[scope] ?? [])]));
  return accepted.some((scope) => all.has(scope));
}

function splitList(text: string): string[] {
  return text.split(",").map((scope) => scope.trim());
}
