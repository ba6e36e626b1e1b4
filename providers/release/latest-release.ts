import { gitHub, allowMissing } from "../../clients/github/github.ts";
import type { Repository } from "../../clients/github/git-refs.ts";

/** The id of the Release that GitHub shows as "Latest"; undefined if none is. */
export async function findLatestId(repository: Repository): Promise<number | undefined> {
  return (await allowMissing(gitHub().rest.repos.getLatestRelease({ ...repository })))?.data.id;
}
