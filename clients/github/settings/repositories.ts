import type { Repository } from "../git-refs.ts";
import { gitHub, orMissing } from "../github.ts";

/**
 * Who may see a repository: `public`, `private` or `internal`; undefined where this token may not see it itself.
 * @throws ServerRefusal
 */
export async function visibilityOf(repository: Repository): Promise<string | undefined> {
  const found = await orMissing(gitHub().rest.repos.get({ ...repository }));
  return found && (found.data.visibility ?? (found.data.private ? "private" : "public"));
}
