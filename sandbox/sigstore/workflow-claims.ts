import { createHash } from "node:crypto";

/**
 * Claims of a workflow run as GitHub's tokens name them. All have a default. Claims that GitHub derives from others
 * are derived from the given ones: a different `repository` also changes owner, workflow and subject.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export interface WorkflowClaims {
  /** Default `acme/widgets`. */
  repository: string;
  /** Full git ref that the run was started for. Default `refs/heads/main`. */
  ref: string;
  /**
   * Commit. Default: the one that `ref` names in `repository` on the sandbox's GitHub when the token is issued, else that of its default
   * branch; forty zeros if there is none.
   */
  sha: string;
  /** Default `push`. */
  event_name: string;
  /** Name of the workflow. Default `Release`. */
  workflow: string;
  /** `owner/name/path@ref` of the workflow that the run began with. Default: `.github/workflows/release.yml` of `repository` at `ref`. */
  workflow_ref: string;
  /** Default: `sha`. */
  workflow_sha: string;
  /** The workflow file of the job, which differs for a reusable workflow: the certificate's subject. Default: `workflow_ref`. */
  job_workflow_ref: string;
  /** Default: `workflow_sha`. */
  job_workflow_sha: string;
  /** Default: the first half of `repository`. */
  repository_owner: string;
  /** Default: a number made from `repository`. */
  repository_id: string;
  /** Default: a number made from `repository_owner`. */
  repository_owner_id: string;
  /** `public`, `private` or `internal`. Default `public`. */
  repository_visibility: string;
  /** `github-hosted` or `self-hosted`. Default `github-hosted`. */
  runner_environment: string;
  /** Default `1`. */
  run_id: string;
  /** Default `1`. */
  run_number: string;
  /** Default `1`. */
  run_attempt: string;
  /** Default `repository_owner`. */
  actor: string;
  /** `tag` or `branch`. Default: by `ref`. */
  ref_type: string;
  /** Default: `repo:REPOSITORY:pull_request` for that event, else `repo:REPOSITORY:ref:REF`. */
  sub: string;
}

/** Completes the given claims of a run. */
export function claimsOfRun(given: Partial<WorkflowClaims>): WorkflowClaims {
  const { repository = "acme/widgets", ref = "refs/heads/main", sha = "0".repeat(40), event_name = "push" } = given;
  const { workflow_ref = `${repository}/.github/workflows/release.yml@${ref}`, workflow_sha = sha } = given;
  const { repository_owner = repository.split("/")[0] ?? repository } = given;
  return {
    repository,
    ref,
    sha,
    event_name,
    workflow: "Release",
    workflow_ref,
    workflow_sha,
    job_workflow_ref: workflow_ref,
    job_workflow_sha: workflow_sha,
    repository_owner,
    repository_id: numberOf(repository),
    repository_owner_id: numberOf(repository_owner),
    repository_visibility: "public",
    runner_environment: "github-hosted",
    run_id: "1",
    run_number: "1",
    run_attempt: "1",
    actor: repository_owner,
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    sub: event_name === "pull_request" ? `repo:${repository}:pull_request` : `repo:${repository}:ref:${ref}`,
    ...given,
  };
}

function numberOf(name: string): string {
  return String(createHash("sha256").update(name).digest().readUInt32BE());
}
