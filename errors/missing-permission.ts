/**
 * What a request requires and its token does not have, as GitHub's headers say it.
 *
 * - `permissions`: of a fine-grained token, an App's or a workflow's: `contents=write`; `,` is "and", `;` is "or";
 * - `scopes`: of a classic token, any of them would do; `held` are those that it has. Both with commas between, `held` may be empty.
 *
 * Source: docs.github.com, "Troubleshooting the REST API", X-Accepted-GitHub-Permissions, X-Accepted-OAuth-Scopes and X-OAuth-Scopes.
 */
export type MissingPermission = { permissions: string } | { scopes: string; held: string };

/**
 * What the `permissions:` of a job can give to GITHUB_TOKEN; it never has any other (`administration`, `workflows`).
 * Source: docs.github.com, "Workflow syntax", permissions.
 */
const givenToJobs = new Set([
  "actions",
  "artifact_metadata",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "issues",
  "packages",
  "pages",
  "pull_requests",
  "security_events",
  "statuses",
]);

/** Says what is missing in a few words for brackets: "needs administration=write". */
export function describeMissing(missing: MissingPermission): string {
  if ("permissions" in missing) {
    return `needs ${missing.permissions}`;
  }
  return `needs the scope ${missing.scopes.split(/, */).join(" or ")}, the token has ${missing.held || "none"}`;
}

/** Says how to get it: which permission or scope, and which kind of token can have it at all. */
export function explainMissing(missing: MissingPermission): string {
  if ("scopes" in missing) {
    const scopes = missing.scopes.split(/, */).map((scope) => `\`${scope}\``);
    return `Set GITHUB_TOKEN to a classic token with the scope ${scopes.join(" or ")} (this one has ${missing.held || "none"}).`;
  }
  const ways = missing.permissions.split(";").map((way) => way.split(",").map((one) => one.trim()));
  const all = ways.map((way) => way.map((one) => `\`${one.replace("=", ": ")}\``).join(" and ")).join(", or ");
  const job = ways.find((way) => way.every((one) => givenToJobs.has(one.split("=", 1)[0] ?? "")));
  if (job === undefined) {
    return `Set GITHUB_TOKEN to a token with ${all}: an App's or a personal one. A workflow's own GITHUB_TOKEN can never have it.`;
  }
  const line = job.map((one) => one.replaceAll("_", "-").replace("=", ": ")).join(", ");
  return `Give the job \`permissions: ${line}\`; an App's or a personal token: ${all}.`;
}
