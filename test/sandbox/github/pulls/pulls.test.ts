import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let commits: readonly string[] = [];
const fullName = "acme/widgets";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  const { gitDir } = await sandbox.github.createRepository(fullName);
  commits = await pushCommits(gitDir, 5);
  // The fifth commit is on another branch alone.
  await execa("git", ["--git-dir", gitDir, "update-ref", "refs/heads/main", at(3)]);
  await execa("git", ["--git-dir", gitDir, "update-ref", "refs/heads/next", at(4)]);
  const base = { ref: "main", sha: at(0) };
  const open = (title: string, head: number, fields: object) =>
    sandbox.github.openPullRequest(fullName, { title, head: { ref: title, sha: at(head) }, base, ...fields });
  await open("merged", 1, { mergedAs: at(2), body: "Why." });
  await open("unmerged", 4, { base: { ref: "main", sha: at(2) } });
  await open("to-next", 4, { mergedAs: at(4), base: { ref: "next", sha: at(3) }, author: "bob" });
});
afterAll(async () => {
  const violations = sandbox.violations();
  await forget();
  expect(violations).toEqual([]);
});

function at(index: number): string {
  return commits[index] ?? "";
}

interface Pull {
  number: number;
  title: string;
  body: string | null;
  state: string;
  merged_at: string | null;
  merge_commit_sha: string | null;
  base: { ref: string; repo: { full_name: string; default_branch: string } };
  user: { login: string };
}

async function pullsOf(commit: string, query = ""): Promise<Pull[]> {
  return (await api.get(`/repos/${fullName}/commits/${commit}/pulls${query}`)).body as unknown as Pull[];
}

describe("the sandbox's pull requests of a commit", () => {
  it("are the one that it is the merge commit of", async () => {
    const [pull, ...others] = await pullsOf(at(2));
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      number: 1,
      title: "merged",
      body: "Why.",
      state: "closed",
      merged_at: expect.any(String),
      merge_commit_sha: at(2),
      base: { ref: "main", repo: { full_name: fullName, default_branch: "main" } },
      user: { login: "ada" },
    });
  });

  it.each([
    ["the one that brought it to the default branch", 1, ["merged"]],
    ["none that is open, if it is in the default branch", 3, []],
    ["open and merged ones, if it is not", 4, ["unmerged", "to-next"]],
    ["none, if it was there before", 0, []],
  ])("are %s", async (_, commit, titles) => {
    expect((await pullsOf(at(commit))).map(({ title }) => title)).toEqual(titles);
  });

  it("are found by the name of a branch, and come in pages", async () => {
    expect((await pullsOf("next")).map(({ title }) => title)).toEqual(["unmerged", "to-next"]);
    const answer = await api.get(`/repos/${fullName}/commits/next/pulls?per_page=1`);
    expect(answer.headers.get("link")).toContain('rel="next"');
  });

  it("are refused for a commit that does not exist", async () => {
    const answer = await api.get(`/repos/${fullName}/commits/${"0".repeat(40)}/pulls`);
    expect([answer.status, answer.body["message"]]).toEqual([422, `No commit found for SHA: ${"0".repeat(40)}`]);
  });

  it("are refused for a repository without commits", async () => {
    await sandbox.github.createRepository("acme/empty");
    expect((await api.get(`/repos/acme/empty/commits/main/pulls`)).status).toBe(409);
  });

  it("are refused to a run without the permission, in a private repository", async () => {
    const { gitDir } = await sandbox.github.createRepository("acme/secret", { private: true });
    const [commit = ""] = await pushCommits(gitDir);
    const ask = (token: string) => api.get(`/repos/acme/secret/commits/${commit}/pulls`, { token });
    sandbox.github.tokens.set("blind", {
      kind: "actions",
      repository: "acme/secret",
      permissions: { contents: "read" },
    });
    sandbox.github.tokens.set("sees", {
      kind: "actions",
      repository: "acme/secret",
      permissions: { pull_requests: "read" },
    });
    expect([(await ask("blind")).status, (await ask("sees")).status]).toEqual([403, 200]);
  });

  it("have the description that was written last", async () => {
    await (await sandbox.github.pullRequests(fullName)).describe(1, null);
    expect((await pullsOf(at(2)))[0]?.body).toBeNull();
  });
});
