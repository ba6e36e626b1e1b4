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
