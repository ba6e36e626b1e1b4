import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasLooseObject, makeRepository, storedReferences } from "../../../../sandbox/github/store/git-files.ts";

let folder: string;
let directory: string;
let commit: string;

async function git(...args: string[]): Promise<string> {
  const [NAME, EMAIL] = ["Ada", "ada@example.org"];
  const env = { GIT_AUTHOR_NAME: NAME, GIT_AUTHOR_EMAIL: EMAIL, GIT_COMMITTER_NAME: NAME, GIT_COMMITTER_EMAIL: EMAIL };
  return (await execa("git", ["--git-dir", directory, ...args], { env, input: "" })).stdout;
}

/** What git itself says of the references. */
async function saidByGit(): Promise<Map<string, string>> {
  const lines = await git("for-each-ref", "--format=%(refname) %(objectname)");
  return new Map(lines.split("\n").map((line) => line.split(" ") as [string, string]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "git-files-"));
  directory = join(folder, "acme", "widgets.git");
  await makeRepository(directory, "trunk");
});
afterAll(() => rm(folder, { recursive: true }));

describe("makeRepository", () => {
  it("makes a repository that git accepts, bare and with the branch as HEAD", async () => {
    expect(await git("rev-parse", "--is-bare-repository")).toBe("true");
    expect(await git("symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
    expect(await git("fsck", "--strict")).toBe("");
  });
});

describe("storedReferences", () => {
  it("has none in a new repository", async () => {
    expect(await storedReferences(directory)).toEqual(new Map());
  });

  it("has branches and tags in git's order, annotated tags by the id of the tag", async () => {
    const tree = await git("hash-object", "-t", "tree", "-w", "--stdin");
    commit = await git("commit-tree", tree, "-m", "first");
    for (const name of ["refs/heads/trunk", "refs/heads/a/b/c", "refs/tags/v1.0.0"]) {
      await git("update-ref", name, commit);
    }
    await git("tag", "--annotate", "--message", "Notes", "v1.1.0", commit);
    expect([...(await storedReferences(directory))]).toEqual([...(await saidByGit())]);
    expect((await storedReferences(directory)).size).toBe(4);
  });

  it("has them when git has packed them, and what was moved, made and deleted since", async () => {
    await git("pack-refs", "--all");
    const tree = await git("rev-parse", `${commit}^{tree}`);
    const next = await git("commit-tree", tree, "-p", commit, "-m", "second");
    await git("update-ref", "refs/heads/trunk", next);
    await git("update-ref", "refs/tags/v2.0.0", next);
    await git("update-ref", "-d", "refs/heads/a/b/c");
    const stored = await storedReferences(directory);
    expect([...stored]).toEqual([...(await saidByGit())]);
    expect([stored.get("refs/heads/trunk"), stored.has("refs/heads/a/b/c")]).toEqual([next, false]);
  });

  it("passes over a lock, and over what names another reference", async () => {
    const before = await storedReferences(directory);
    await writeFile(join(directory, "refs", "tags", "v3.0.0.lock"), `${commit}\n`);
    await git("symbolic-ref", "refs/heads/other", "refs/heads/trunk");
    expect(await storedReferences(directory)).toEqual(before);
  });
});

describe("hasLooseObject", () => {
  it("finds an object that has its own file, and not one that is packed or missing", async () => {
    expect([hasLooseObject(directory, commit), hasLooseObject(directory, "0".repeat(40))]).toEqual([true, false]);
    await git("gc", "--quiet");
    expect(hasLooseObject(directory, commit)).toBe(false);
  });
});
