import { packageName } from "../../formats/organization/package-page.ts";
import type { WorkflowJob } from "../../observe/source/workspace/workflow-file.ts";
import type { ReleasePlan } from "../release/release.ts";

/** Scopes of GITHUB_TOKEN and what each may do, as a workflow writes them: `{contents: "write"}`. */
export type Permissions = Readonly<Record<string, string>>;

/**
 * What a release needs of GITHUB_TOKEN.
 * Source: docs.github.com, "Permissions required for GitHub Apps" and "Controlling permissions for GITHUB_TOKEN".
 * @param registry host whose packages are GitHub's
 */
export function neededPermissions(plans: readonly ReleasePlan[], registry: string): Permissions {
  const signed = plans.filter(({ signing }) => signing !== "off");
  const pushes = plans.some(({ artifacts }) =>
    artifacts.some(({ ociRepository }) => packageName(ociRepository, registry) !== undefined),
  );
  const lineages = plans.some((plan) => (plan.lineages ?? []).length > 0);
  const posts = signed.some(({ githubAttestations }) => githubAttestations === "auto");
  return {
    // The git tag and the Release.
    contents: "write",
    ...(pushes ? { packages: "write" } : {}),
    ...(signed.length > 0 ? { "id-token": "write" } : {}),
    ...(posts ? { attestations: "write" } : lineages ? { attestations: "read" } : {}),
    ...(lineages ? { "pull-requests": "read" } : {}),
  };
}

/**
 * Holds the jobs of a workflow that release against what they need: no less, because GitHub refuses then in the middle of a release; no
 * more, because every action that the job runs has the same token.
 * @param file path of the workflow, for the text
 * @returns a line for each job that differs
 */
export function judgeWorkflow(file: string, jobs: readonly WorkflowJob[], needed: Permissions): string[] {
  return jobs.flatMap(({ name, permissions }) => {
    if (permissions === undefined) {
      return [`${file}, job ${name}: has no \`permissions\`, so it gets the repository's default. ${wanted(needed)}`];
    }
    const granted = typeof permissions === "string" ? everything(permissions) : permissions;
    const missing = Object.entries(needed).filter(([scope, access]) => !covers(granted[scope], access));
    const excess = Object.entries(granted).filter(([scope, access]) => access === "write" && needed[scope] !== "write");
    const parts = [
      ...(missing.length > 0 ? [`does not have ${listed(missing)}`] : []),
      ...(excess.length > 0 ? [`has ${listed(excess)}, which no step of the release needs`] : []),
    ];
    return parts.length === 0 ? [] : [`${file}, job ${name}: ${parts.join("; ")}. ${wanted(needed)}`];
  });
}

/** `write-all` and `read-all`, which a workflow may write in the place of scopes. */
function everything(word: string): Permissions {
  const access = word === "write-all" ? "write" : "read";
  // docs.github.com, "Workflow syntax", permissions
  const scopes = [
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
  ];
  return Object.fromEntries(scopes.map((scope) => [scope, access]));
}

function covers(granted: string | undefined, needed: string): boolean {
  return granted === "write" || granted === needed;
}

function listed(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([scope, access]) => `\`${scope}: ${access}\``).join(", ");
}

function wanted(needed: Permissions): string {
  return `A release needs exactly ${listed(Object.entries(needed))}`;
}
