/**
 * What a request takes and its token does not have, as GitHub's headers say it.
 *
 * - `permissions`: of a fine-grained token, an App's or a workflow's: `contents=write`; `,` is "and", `;` is "or";
 * - `scopes`: of a classic token, any of them would do; `held` are those that it has. Both with commas between, `held` may be empty.
 *
 * Source: docs.github.com, "Troubleshooting the REST API", X-Accepted-GitHub-Permissions, X-Accepted-OAuth-Scopes and X-OAuth-Scopes.
 */
export type Lacking = { permissions: string } | { scopes: string; held: string };

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

/** What lacks, in a few words to stand in brackets: "needs administration=write". */
export function lackingWords(lacking: Lacking): string {
  if ("permissions" in lacking) {
    return `needs ${lacking.permissions}`;
  }
  return `needs the scope ${lacking.scopes.split(/, */).join(" or ")}, the token has ${lacking.held || "none"}`;
}

/** How to get it: which permission or scope, and which kind of token can have it at all. */
export function lackingFix(lacking: Lacking): string {
  if ("scopes" in lacking) {
    const scopes = lacking.scopes.split(/, */).map((scope) => `\`${scope}\``);
    return `Set GITHUB_TOKEN to a classic token with the scope ${scopes.join(" or ")} (this one has ${lacking.held || "none"}).`;
  }
  const ways = lacking.permissions.split(";").map((way) => way.split(",").map((one) => one.trim()));
  const told = ways.map((way) => way.map((one) => `\`${one.replace("=", ": ")}\``).join(" and ")).join(", or ");
  const job = ways.find((way) => way.every((one) => givenToJobs.has(one.split("=", 1)[0] ?? "")));
  if (job === undefined) {
    return `Set GITHUB_TOKEN to a token with ${told}: an App's or a personal one. A workflow's own GITHUB_TOKEN can never have it.`;
  }
  const line = job.map((one) => one.replaceAll("_", "-").replace("=", ": ")).join(", ");
  return `Give the job \`permissions: ${line}\`; an App's or a personal token: ${told}.`;
}
