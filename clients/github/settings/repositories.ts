import type { Repository } from "../git-refs.ts";
import { gitHub, allowMissing } from "../github.ts";

/**
 * Reads who may see a repository: `public`, `private` or `internal`; undefined if this token may not see it.
 * @throws ServerRefusal
 */
export async function readVisibility(repository: Repository): Promise<string | undefined> {
  const found = await allowMissing(gitHub().rest.repos.get({ ...repository }));
  return found && (found.data.visibility ?? (found.data.private ? "private" : "public"));
}
