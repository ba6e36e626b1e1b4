import { describe, expect, it } from "vitest";
import { repositoryOf } from "../../../clients/github/git-refs.ts";
import { findMergedPullRequests } from "../../../clients/github/pull-requests.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";

const world = connectedSandbox();

/** A repository with pull requests of its second and third commits. */
async function merged(...pulls: { mergedAs?: string; base?: string; head?: string; body?: string }[]) {
  const repository = await world.repository();
  const [first, second, third] = repository.commits;
  for (const { base = "main", head = second, ...fields } of pulls) {
    await world.sandbox.github.openPullRequest(repository.fullName, {
      title: "One",
      head: { ref: "one", sha: head },
      base: { ref: base, sha: first },
      mergedAs: third,
      ...fields,
    });
  }
  return { at: repositoryOf(repository.fullName), fullName: repository.fullName, first, second, third };
}

describe("findMergedPullRequests", () => {
  it("finds the one that was merged as the commit, and what its author says", async () => {
    const { at, third } = await merged({ body: "Why." });
    expect(await findMergedPullRequests(at, third)).toEqual([
      { number: 1, base: "main", isDefault: true, description: "Why." },
    ]);
  });

  it("finds none for a commit that a pull request only contains", async () => {
    const { at, second } = await merged({});
    expect(await findMergedPullRequests(at, second)).toEqual([]);
  });

  it("finds all of them, the oldest first, and says which was for the default branch", async () => {
    const { at, third } = await merged({ base: "release" }, {}, {});
    expect(await findMergedPullRequests(at, third)).toMatchObject([
      { number: 1, base: "release", isDefault: false, description: "" },
      { number: 2, base: "main", isDefault: true },
      { number: 3 },
    ]);
  });

  it("leaves out pull requests of another repository", async () => {
    const { at, fullName, third } = await merged();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: new RegExp(`${fullName}/commits/`),
      when: "before",
      act: {
        status: 200,
        body: [
          pullOf("acme/fork", third),
          pullOf(fullName.toUpperCase(), third, null),
          pullOf(fullName.toUpperCase(), third),
        ],
      },
    });
    expect(await findMergedPullRequests(at, third)).toEqual([
      { number: 4, base: "main", isDefault: true, description: "" },
    ]);
  });

  it("fails for a commit that GitHub does not have", async () => {
    const { at } = await merged();
    const refusal = await failure(ServerRefusal, findMergedPullRequests(at, "0".repeat(40)));
    expect([refusal.status, refusal.words]).toEqual([422, `No commit found for SHA: ${"0".repeat(40)}`]);
  });
});

/** Entry 4 of GitHub's list. */
function pullOf(fullName: string, mergedAs: string, mergedAt: string | null = "2026-01-01T00:00:00Z"): object {
  const base = { ref: "main", repo: { full_name: fullName, default_branch: "main" } };
  return { number: 4, body: null, merged_at: mergedAt, merge_commit_sha: mergedAs, base };
}
