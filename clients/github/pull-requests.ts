import { gitHub } from "./github.ts";
import type { Repository } from "./git-refs.ts";
import { readAllPages } from "./pages.ts";

/** A pull request that was merged. */
export interface MergedPullRequest {
  number: number;
  /** Name of the branch that it was merged into: `main`. */
  base: string;
  /** Whether that is the default branch of the repository today. */
  isDefault: boolean;
  /** Its description, Markdown that its author may change at any time; empty for none. */
  description: string;
}

/**
 * Finds the pull requests of a repository that were merged as a commit, the oldest first: their merge commit, or the last commit of a squash or
 * a rebase, is that commit. Others that only contain it are left out.
 * Source: REST "List pull requests associated with a commit", and `merge_commit_sha` in "Get a pull request".
 * @param commit full id
 * @throws ServerRefusal, for example 422 for a commit that GitHub does not have, 403 without `pull-requests: read`
 */
export async function findMergedPullRequests(repository: Repository, commit: string): Promise<MergedPullRequest[]> {
  const all = await readAllPages(gitHub().rest.repos.listPullRequestsAssociatedWithCommit, {
    ...repository,
    commit_sha: commit,
    per_page: 100,
  });
  const own = `${repository.owner}/${repository.repo}`.toLowerCase();
  return all
    .filter(
      ({ merged_at: mergedAt, merge_commit_sha: mergedAs, base }) =>
        mergedAt !== null && mergedAs === commit && base.repo.full_name.toLowerCase() === own,
    )
    .map(({ number, base, body }) => ({
      number,
      base: base.ref,
      isDefault: base.ref === base.repo.default_branch,
      description: body ?? "",
    }))
    .toSorted((a, b) => a.number - b.number);
}
