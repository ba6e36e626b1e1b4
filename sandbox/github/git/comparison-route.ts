import { ApiError, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Route } from "../api/call.ts";
import type { GitCommit } from "../store/git-repository.ts";
import { commitPayload } from "./git-payload.ts";

/** More than a test has. */
const mostCommits = 10_000;

/**
 * Compares two commits by their histories, without the files that differ: none of `files`, which the description leaves optional.
 * Source: https://docs.github.com/rest/commits/commits#compare-two-commits
 */
export const comparisonRoute: Route = {
  method: "GET",
  path: "/repos/{owner}/{repo}/compare/{basehead}",
  access: "read",
  async run(call) {
    const { fullName, links, params } = call;
    const { git } = call.repository;
    if (await git.isEmpty()) {
      throw new ApiError(409, "Git Repository is empty.");
    }
    const [base = "", head = ""] = (params["basehead"] ?? "").split("...");
    const history = async (name: string): Promise<[GitCommit, ...GitCommit[]]> => {
      const commit = name === "" ? undefined : await git.resolveCommit(name);
      const [first, ...rest] = commit === undefined ? [] : await git.log(commit, { skip: 0, count: mostCommits });
      if (first === undefined) {
        throw notFound();
      }
      return [first, ...rest];
    };
    const [ours, theirs] = [await history(base), await history(head)];
    const common = ours.find(({ sha }) => theirs.some((other) => other.sha === sha));
    if (common === undefined) {
      throw new ApiError(404, `No common ancestor between ${base} and ${head}.`);
    }
    const missing = (from: readonly GitCommit[], others: readonly GitCommit[]): GitCommit[] =>
      from.filter(({ sha }) => !others.some((other) => other.sha === sha));
    const [ahead, behind] = [missing(theirs, ours), missing(ours, theirs).length];
    const status = ahead.length > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical";
    const { items, headers } = page(ahead.toReversed(), call);
    const compared = `${fullName}/compare/${base}...${head}`;
    const json = {
      url: `${links.api}/repos/${compared}`,
      html_url: `${links.web}/${compared}`,
      permalink_url: `${links.web}/${fullName}/compare/${ours[0].sha}...${theirs[0].sha}`,
      diff_url: `${links.web}/${compared}.diff`,
      patch_url: `${links.web}/${compared}.patch`,
      base_commit: commitPayload(ours[0], fullName, links),
      merge_base_commit: commitPayload(common, fullName, links),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: items.map((commit) => commitPayload(commit, fullName, links)),
    };
    return { status: 200, json, headers };
  },
};
