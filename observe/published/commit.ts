import { findDescent } from "../../clients/github/descent.ts";
import { repositoryOf } from "../../clients/github/git-refs.ts";
import { gitHub, allowMissing } from "../../clients/github/github.ts";
import { runStep } from "../../errors/explain-error.ts";

/**
 * Whether GitHub has a commit. If not, no tag can name it, which would otherwise fail after the push.
 * @param repository `owner/name`
 * @param commit full id
 * @throws ReleaseError for every answer other than yes or no
 */
export async function isCommitThere(repository: string, commit: string): Promise<boolean> {
  const question = { ...repositoryOf(repository), commit_sha: commit };
  return runStep(`checking whether the commit ${commit} is in ${repository}`, async () => {
    return (await allowMissing(gitHub().rest.git.getCommit(question))) !== undefined;
  });
}

/**
 * Whether a commit is another one or an ancestor of it, according to GitHub.
 * @param repository `owner/name`
 * @param commit full id
 * @param of full id
 * @returns the time of `commit` in seconds since 1970 if it is; undefined if it is not, or if GitHub does not have both commits
 * @throws ReleaseError if GitHub does not answer
 */
export async function observeDescent(repository: string, commit: string, of: string): Promise<number | undefined> {
  return runStep(`checking whether the commit ${commit} is an ancestor of ${of}`, () =>
    findDescent(repositoryOf(repository), commit, of),
  );
}
