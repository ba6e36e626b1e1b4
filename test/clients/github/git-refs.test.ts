import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { createGitTag, findGitTag, repositoryOf, shareTagCommit } from "../../../clients/github/git-refs.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";

const world = connectedSandbox();

/** A repository and git in it. */
async function withGit() {
  const { gitDir, fullName, commits } = await world.repository();
  const identity = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };
  const git = async (...args: string[]): Promise<string> =>
    (await execa("git", ["--git-dir", gitDir, ...args], { env: identity })).stdout;
  return { at: repositoryOf(fullName), commits, git };
}

describe("gitTag, when a tag is looked up", () => {
  it("is the commit of a lightweight tag", async () => {
    const { at, commits, git } = await withGit();
    await git("tag", "v1", commits[0]);
    expect(await findGitTag(at, "v1")).toEqual({ commit: commits[0], annotated: false });
  });
  it("is the commit of an annotated tag, not its object", async () => {
    const { at, commits, git } = await withGit();
    await git("tag", "--annotate", "--message", "one", "v1", commits[0]);
    expect(await findGitTag(at, "v1")).toEqual({ commit: commits[0], annotated: true });
  });
  it("follows a tag of a tag of a tag", async () => {
    const { at, commits, git } = await withGit();
    await git("tag", "--annotate", "--message", "one", "first", commits[0]);
    await git("tag", "--annotate", "--message", "two", "second", "first");
    await git("tag", "--annotate", "--message", "three", "v1", "second");
    expect(await findGitTag(at, "v1")).toEqual({ commit: commits[0], annotated: true });
  });
  it("may have slashes in its name", async () => {
    const { at, commits, git } = await withGit();
    await git("tag", "app/v1", commits[1]);
    expect((await findGitTag(at, "app/v1"))?.commit).toBe(commits[1]);
  });
  it("is undefined where it is missing", async () => {
    const { at } = await withGit();
    expect(await findGitTag(at, "v1")).toBeUndefined();
  });
  it("is undefined where only a longer name is there", async () => {
    const { at, commits, git } = await withGit();
    await git("tag", "v1.0", commits[0]);
    expect(await findGitTag(at, "v1")).toBeUndefined();
  });
  it("is undefined where only a branch has the name", async () => {
    const { at } = await withGit();
    expect(await findGitTag(at, "main")).toBeUndefined();
  });
  it("is a failure where GitHub says 403", async () => {
    const { at } = await withGit();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /ref/,
      when: "before",
      act: { status: 403, body: { message: "no" } },
    });
    expect((await failure(ServerRefusal, findGitTag(at, "v1"))).status).toBe(403);
  });
});

describe("createGitTag, when a tag is made", () => {
  it("is annotated and names the commit", async () => {
    const { at, commits } = await withGit();
    await createGitTag(at, "v1", commits[1], "version one");
    expect(await findGitTag(at, "v1")).toEqual({ commit: commits[1], annotated: true });
  });
  it("has the message", async () => {
    const { at, commits, git } = await withGit();
    await createGitTag(at, "v1", commits[1], "version one");
    expect(await git("tag", "--list", "v1", "--format=%(contents)")).toBe("version one");
  });
  it("is refused in GitHub's words where the name is taken", async () => {
    const { at, commits } = await withGit();
    await createGitTag(at, "v1", commits[1], "one");
    const error = await failure(ServerRefusal, createGitTag(at, "v1", commits[1], "two"));
    expect(error).toMatchObject({ status: 422, words: "Reference already exists" });
  });
  it("does not move a tag whose name is taken", async () => {
    const { at, commits } = await withGit();
    await createGitTag(at, "v1", commits[0], "one");
    await failure(ServerRefusal, createGitTag(at, "v1", commits[1], "two"));
    expect((await findGitTag(at, "v1"))?.commit).toBe(commits[0]);
  });
  it("is refused at a commit that GitHub does not have", async () => {
    const { at } = await withGit();
    const error = await failure(ServerRefusal, createGitTag(at, "v1", "0".repeat(40), "one"));
    expect(error).toMatchObject({ status: 422, words: "Object does not exist" });
  });
});

describe("shareTagCommit", () => {
  it("asks for three tags one by one, and lists all for the next ones", async () => {
    const { at, commits, git } = await withGit();
    const names = ["v1", "v2", "v3", "v4", "app/v5"];
    await git("tag", "--annotate", "--message", "one", "v1", commits[0]);
    await git("tag", "--annotate", "--message", "four", "v4", commits[1]);
    await git("tag", "app/v5", commits[2]);
    const since = world.sandbox.journal.mark();
    const found = await Promise.all(names.map((name) => shareTagCommit(at, name)));
    expect(found).toEqual([commits[0], undefined, undefined, commits[1], commits[2]]);
    const asked = world.sandbox.journal.since(since).map(({ path }) => path.split(`${at.repo}/`)[1]);
    expect(asked.toSorted()).toEqual([
      "git/ref/tags%2Fv1",
      "git/ref/tags%2Fv2",
      "git/ref/tags%2Fv3",
      expect.stringMatching(/^git\/tags\/[0-9a-f]{40}$/),
      "tags?per_page=100",
    ]);
  });
});
