import { gitHub, allowMissing } from "./github.ts";
import type { Repository } from "./git-refs.ts";

/**
 * Asks GitHub whether a commit is another one or an ancestor of it.
 * Source: docs.github.com/rest/commits/commits#compare-two-commits. Only the first page of an answer lists the files that differ.
 * @param commit full id
 * @param of full id
 * @returns the time of `commit` in seconds since 1970 if it is; undefined if it is not, or if GitHub does not know one of the two
 * @throws ServerRefusal
 */
export async function findDescent(repository: Repository, commit: string, of: string): Promise<number | undefined> {
  const question = { ...repository, basehead: `${commit}...${of}`, per_page: 1, page: 2 };
  const answer = await allowMissing(gitHub().rest.repos.compareCommitsWithBasehead(question));
  if (answer === undefined || !["identical", "ahead"].includes(answer.data.status)) {
    return undefined;
  }
  const { sha, commit: described } = answer.data.base_commit;
  const time = Date.parse(described.committer?.date ?? "") / 1000;
  return sha === commit && Number.isSafeInteger(time) ? time : undefined;
}
