import { observeDescent } from "../observe/published/commit.ts";
import { lookUpDescent } from "../observe/source/workspace/descent.ts";
import { ancestryOf } from "../plan/published/ancestry.ts";
import type { Ancestry, Descent } from "../plan/published/ancestry.ts";
import type { ProjectPlan } from "../plan/project/project.ts";

/**
 * Answers which commits are ancestors of others: from the clone, and by one request to GitHub for each pair that the clone does not know,
 * as in a shallow clone.
 * @param asked may have the same pair more than once
 * @throws ReleaseError if GitHub is asked and does not answer
 */
export async function observeAncestry(
  { workspace, repository }: Pick<ProjectPlan, "workspace" | "repository">,
  asked: readonly Descent[],
): Promise<Ancestry> {
  return ancestryOf(asked, async ({ commit, of }) => {
    const here = await lookUpDescent(workspace, commit, of);
    const time = here === "unknown" ? await observeDescent(repository, commit, of) : here;
    return time === "no" ? undefined : time;
  });
}
