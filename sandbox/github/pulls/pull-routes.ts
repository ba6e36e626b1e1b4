import { ApiError } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Route } from "../api/call.ts";
import type { GitRepository } from "../store/git-repository.ts";
import { pullPayload } from "./pull-payload.ts";
import { pullsOf } from "./pull-store.ts";
import type { PullRecord } from "./pull-store.ts";

/** Pull requests of a commit (https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit). */
export const pullRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    access: "read",
    needs: { permissions: "pull_requests=read", scopes: ["repo"], role: "read" },
    async run(call) {
      const { repository, links, params } = call;
      const { git, record } = repository;
      if (await git.isEmpty()) {
        throw new ApiError(409, "Git Repository is empty.");
      }
      const wish = params["commit_sha"] ?? "";
      const commit = await git.resolveCommit(wish);
      if (commit === undefined) {
        throw new ApiError(422, `No commit found for SHA: ${wish}`);
      }
      const main = await git.resolveCommit(`refs/heads/${record.defaultBranch}`);
      const onMain = main !== undefined && (await git.isAncestor(commit, main));
      const all = (await pullsOf(repository)).all();
      const brought = await Promise.all(all.map((pull) => brings(git, pull, commit)));
      const found = all.filter((pull, at) => brought[at] === true && (!onMain || pull.mergedAs !== null));
      const { items, headers } = page(found, call);
      return { status: 200, json: items.map((pull) => pullPayload(pull, record, links)), headers };
    },
  },
];

/** Whether a commit is one of a pull request's own, or the one that it was merged as. */
async function brings(git: GitRepository, { head, base, mergedAs }: PullRecord, commit: string): Promise<boolean> {
  if (commit === mergedAs) {
    return true;
  }
  return (await git.isAncestor(commit, head.sha)) && !(await git.isAncestor(commit, base.sha));
}
