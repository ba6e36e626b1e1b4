import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGitRepository } from "../../../../sandbox/github/store/bare-git-repository.ts";
import type { GitRepository } from "../../../../sandbox/github/store/git-repository.ts";
import { makeMemoryGitRepository } from "../../../../sandbox/github/store/memory-git-repository.ts";
import type { AddedCommit } from "../../../../sandbox/github/store/memory-git-repository.ts";
import { settledInMicrotasks } from "../settled.ts";

/** A repository with a way to push to it. */
interface Pushed {
  git: GitRepository;
  add(commit: AddedCommit): Promise<string>;
  push(name: string, sha: string): Promise<void>;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Commits have one empty file at each path that they change. */
async function bare(): Promise<Pushed> {
  const folder = await mkdtemp(join(tmpdir(), "git-repository-"));
  folders.push(folder);
  const directory = join(folder, "widgets.git");
  const git = await openGitRepository(directory, "main");
  const run = async (args: readonly string[], env = {}): Promise<string> =>
    (await execa("git", ["--git-dir", directory, ...args], { env, input: "" })).stdout;
  return {
    git,
    async add({ message, date, parents = [], by = { name: "Ada", email: "ada@example.com" }, paths = [] }) {
      const index = { GIT_INDEX_FILE: join(folder, "index") };
      const file = await run(["hash-object", "-w", "--stdin"]);
      for (const path of paths) {
        await run(["update-index", "--add", "--cacheinfo", `100644,${file},${path}`], index);
      }
      const tree = await run(["write-tree"], index);
      const [name, email] = [by.name, by.email];
      const author = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
      const committer = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date };
      const args = ["commit-tree", tree, ...parents.flatMap((sha) => ["-p", sha]), "-m", message];
      return run(args, { ...author, ...committer });
    },
    push: async (name, sha) => void (await run(["update-ref", name, sha])),
  };
}

async function inMemory(): Promise<Pushed> {
  const git = makeMemoryGitRepository("main");
  return { git, add: async (commit) => git.addCommit(commit), push: async (name, sha) => git.push(name, sha) };
}

const missing = "1".repeat(40);
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const tagger = { name: "Grace Hopper", email: "grace@example.com", date: "2026-02-01T00:00:00Z" };
const day = (number: number): string => `2026-01-0${number}T00:00:00Z`;

/** Two commits, of which the second has a child in another branch, and both meet again: ids of first, second, side and merge. */
async function addHistory({ add }: Pushed): Promise<[first: string, second: string, side: string, merge: string]> {
  const first = await add({ message: "first", date: day(1) });
  const second = await add({ message: "second\n\nWith a body – ü.", date: day(2), parents: [first] });
  const side = await add({
    message: "side",
    date: day(3),
    parents: [first],
    by: { name: "Bob Ö", email: "b@example.com" },
  });
  const merge = await add({ message: "merge", date: day(4), parents: [second, side] });
  return [first, second, side, merge];
}

describe.each([
  ["on disk", bare],
  ["in memory", inMemory],
])("a git repository %s", (_, make) => {
  let pushed: Pushed;
  let git: GitRepository;
  let [first, second, side, merge] = ["", "", "", ""];
  let annotated: string;
  beforeAll(async () => {
    pushed = await make();
    ({ git } = pushed);
    expect(await git.isEmpty()).toBe(true);
    [first, second, side, merge] = await addHistory(pushed);
    await pushed.push("refs/heads/main", merge);
    annotated = await git.writeTag({
      tag: "v1.0.0",
      object: { sha: second, type: "commit" },
      tagger,
      message: "Notes\n",
    });
    await git.createReference("refs/tags/v1.0.0", annotated);
    await git.createReference("refs/heads/both", first);
    await git.createReference("refs/tags/both", side);
  });

  it("is not empty after a push", async () => {
    expect(await git.isEmpty()).toBe(false);
  });

  it("has references by the beginning of their name, in the order of names", async () => {
    expect(await git.references("refs/tags/")).toEqual([
      { name: "refs/tags/both", sha: side, type: "commit" },
      { name: "refs/tags/v1.0.0", sha: annotated, type: "tag" },
    ]);
    expect((await git.references("refs/")).map(({ name }) => name)).toEqual([
      "refs/heads/both",
      "refs/heads/main",
      "refs/tags/both",
      "refs/tags/v1.0.0",
    ]);
  });

  it("has a reference by its whole name only", async () => {
    expect(await git.reference("refs/heads/main")).toEqual({ name: "refs/heads/main", sha: merge, type: "commit" });
    expect(await git.reference("refs/heads/mai")).toBeUndefined();
  });

  it("makes a reference once", async () => {
    const tries = [first, second].map((sha) => git.createReference("refs/tags/once", sha));
    expect((await Promise.all(tries)).toSorted()).toEqual([false, true]);
    await git.deleteReference("refs/tags/once");
  });

  it.each([
    ["of an object that is missing", "refs/tags/x", () => missing],
    ["with a name that git refuses", "refs/tags/a..b", () => first],
    ["below another one", "refs/tags/v1.0.0/x", () => first],
    ["that others are below", "refs/tags", () => first],
    ["of a branch that is a tag object", "refs/heads/x", () => annotated],
    ["of a branch that is a tree", "refs/heads/x", () => emptyTree],
  ])("makes no reference %s", async (__, name, sha) => {
    expect([await git.createReference(name, sha()), await git.reference(name)]).toEqual([false, undefined]);
  });

  it("moves a reference only from where it is", async () => {
    await git.createReference("refs/tags/moving", first);
    expect(await git.moveReference("refs/tags/moving", second, side)).toBe(false);
    expect(await git.moveReference("refs/tags/moving", missing, first)).toBe(false);
    expect(await git.moveReference("refs/tags/moving", second, first)).toBe(true);
    expect(await git.moveReference("refs/tags/none", second, first)).toBe(false);
    expect((await git.reference("refs/tags/moving"))?.sha).toBe(second);
    await git.deleteReference("refs/tags/moving");
  });

  it("deletes a reference, and accepts that it is gone", async () => {
    await git.createReference("refs/tags/short", first);
    await git.deleteReference("refs/tags/short");
    await git.deleteReference("refs/tags/short");
    expect(await git.reference("refs/tags/short")).toBeUndefined();
  });

  it("has the types of objects", async () => {
    const types = await Promise.all([first, annotated, emptyTree, missing].map((sha) => git.typeOf(sha)));
    expect(types).toEqual(["commit", "tag", "tree", undefined]);
  });

  it.each([
    ["a commit and itself", () => [first, first], true],
    ["a parent", () => [first, second], true],
    ["the other parent of a merge", () => [side, merge], true],
    ["a child", () => [second, first], false],
    ["a sibling", () => [second, side], false],
    ["a tag of a parent", () => [annotated, merge], true],
    ["a tree", () => [emptyTree, merge], false],
    ["nothing", () => [missing, merge], false],
  ])("decides about ancestors: %s", async (__, pair, expected) => {
    const [ancestor = "", descendant = ""] = pair();
    expect(await git.isAncestor(ancestor, descendant)).toBe(expected);
  });

  it.each<[string, () => string, () => string | undefined]>([
    ["a branch", () => "main", () => merge],
    ["a branch with its folder", () => "heads/main", () => merge],
    ["a reference", () => "refs/heads/main", () => merge],
    ["HEAD", () => "HEAD", () => merge],
    ["an annotated tag", () => "v1.0.0", () => second],
    ["an annotated tag with its folder", () => "tags/v1.0.0", () => second],
    ["a tag before a branch of the name", () => "both", () => side],
    ["a commit's id", () => first, () => first],
    ["the beginning of an id", () => first.slice(0, 9), () => first],
    ["a tag object's id", () => annotated, () => second],
    ["a tree's id", () => emptyTree, () => undefined],
    ["the id of nothing", () => missing, () => undefined],
    ["too short a beginning", () => first.slice(0, 3), () => undefined],
    ["an unknown name", () => "nothing", () => undefined],
    ["an unknown reference", () => "refs/heads/none", () => undefined],
    ["a folder", () => "refs/heads", () => undefined],
    ["an option", () => "--all", () => undefined],
  ])("resolves %s", async (__, revision, commit) => {
    expect(await git.resolveCommit(revision())).toBe(commit());
  });

  it("has a commit with parents, people and message", async () => {
    const by = { name: "Ada", email: "ada@example.com", date: day(2) };
    expect(await git.commit(second)).toEqual({
      sha: second,
      tree: emptyTree,
      parents: [first],
      author: by,
      committer: by,
      message: "second\n\nWith a body – ü.",
    });
    expect((await git.commit(merge))?.parents).toEqual([second, side]);
    expect([await git.commit(annotated), await git.commit(missing)]).toEqual([undefined, undefined]);
  });

  it("lists commits, the newest first, in pieces", async () => {
    const listed = async (from: string, skip: number, count: number) =>
      (await git.log(from, { skip, count })).map(({ sha }) => sha);
    expect(await listed(merge, 0, 10)).toEqual([merge, side, second, first]);
    expect(await listed(merge, 1, 2)).toEqual([side, second]);
    expect(await listed(second, 0, 10)).toEqual([second, first]);
    await expect(listed(missing, 0, 10)).rejects.toThrow();
  });

  it("lists the commits that changed a path", async () => {
    const files = await pushed.add({
      message: "files",
      date: day(5),
      parents: [merge],
      paths: ["src/deep/a.txt", "b.txt"],
    });
    const last = await pushed.add({ message: "more", date: day(6), parents: [files], paths: ["src/c.txt"] });
    const listed = async (path: string) => (await git.log(last, { path, skip: 0, count: 9 })).map(({ sha }) => sha);
    expect(await listed("src")).toEqual([last, files]);
    expect(await listed("b.txt")).toEqual([files]);
    expect(await listed("src/deep")).toEqual([files]);
    expect(await listed("sr")).toEqual([]);
  });

  it("has what was written as a tag", async () => {
    const tag = { tag: "v1.0.0", object: { sha: second, type: "commit" }, tagger, message: "Notes\n" };
    expect(await git.tag(annotated)).toEqual({ ...tag, sha: annotated });
    expect(await git.writeTag(tag)).toBe(annotated);
    const outer = await git.writeTag({
      tag: "outer",
      object: { sha: annotated, type: "tag" },
      tagger,
      message: "a\n\nb",
    });
    expect(await git.tag(outer)).toMatchObject({ object: { sha: annotated, type: "tag" }, message: "a\n\nb" });
    expect(await git.resolveCommit(outer)).toBe(second);
    expect([await git.tag(first), await git.tag(missing)]).toEqual([undefined, undefined]);
  });

  it.each([
    ["of a missing object", { object: { sha: missing, type: "commit" } }],
    ["of another type", { object: { sha: emptyTree, type: "commit" } }],
    ["by a person whose name has brackets", { tagger: { ...tagger, name: "A <b>" } }],
  ])("writes no tag %s", async (__, change) => {
    const tag = { tag: "v2.0.0", object: { sha: first, type: "commit" }, tagger, message: "Notes\n", ...change };
    await expect(git.writeTag(tag)).rejects.toThrow();
  });

  it.each([
    ["refs/tags/v1.0.0", true],
    ["refs/tags/app/v1.0.0-rc.1+build", true],
    ["refs/tags/@", true],
    ["refs/tags/ü–✓", true],
    ["refs/tags/-x", true],
    ["refs/tags/lock", true],
    ["refs/tags/{x}", true],
    ["tags", false],
    ["", false],
    ["@", false],
    ["refs/tags/", false],
    ["/refs/tags/x", false],
    ["refs//tags", false],
    ["refs/tags/.x", false],
    ["refs/tags/x.", false],
    ["refs/tags/x./y", true],
    ["refs/tags/a..b", false],
    ["refs/tags/x.lock", false],
    ["refs/tags/x.lock/y", false],
    ["refs/tags/a@{b", false],
    ["refs/tags/a b", false],
    ["refs/tags/a\tb", false],
    ["refs/tags/a\u007fb", false],
    ["refs/tags/a\\b", false],
    ...[..."~^:?*["].map((character): [string, boolean] => [`refs/tags/a${character}b`, false]),
  ])("decides whether %j is a reference's name", async (name, expected) => {
    expect(await git.isValidName(name)).toBe(expected);
  });
});

describe("a git repository in memory", () => {
  it("gives commits and tags the ids that git gives them", async () => {
    const ids = async (pushed: Pushed): Promise<string[]> => {
      const commits = await addHistory(pushed);
      const object = { sha: commits[0], type: "commit" };
      return [...commits, await pushed.git.writeTag({ tag: "v1", object, tagger, message: "Notes – ü\n" })];
    };
    expect(await ids(await inMemory())).toEqual(await ids(await bare()));
  });

  it("refuses a commit without its parent, and a push that git refuses", async () => {
    const git = makeMemoryGitRepository("main");
    expect(() => git.addCommit({ message: "child", date: day(1), parents: [missing] })).toThrow(missing);
    expect(() => git.push("refs/heads/main", missing)).toThrow("refs/heads/main");
  });

  it("does not change when its answers are changed", async () => {
    const git = makeMemoryGitRepository("main");
    const sha = git.addCommit({ message: "first", date: day(1) });
    const before = structuredClone(await git.commit(sha));
    (await git.commit(sha))?.parents.push(missing);
    (await git.log(sha, { skip: 0, count: 1 }))[0]?.parents.push(missing);
    expect(await git.commit(sha)).toEqual(before);
  });

  it("waits for nothing outside of the program", async () => {
    const pushed = await inMemory();
    const { git } = pushed;
    const all = async (): Promise<void> => {
      const [first, second] = await addHistory(pushed);
      await git.createReference("refs/tags/v1", first);
      await git.moveReference("refs/tags/v1", second, first);
      await git.writeTag({ tag: "v2", object: { sha: first, type: "commit" }, tagger, message: "" });
      await git.log(second, { skip: 0, count: 9 });
      await Promise.all([git.isAncestor(first, second), git.resolveCommit("v1"), git.commit(first), git.typeOf(first)]);
      await Promise.all([git.isValidName("refs/tags/v1"), git.isEmpty(), git.references("refs/"), git.tag(first)]);
      await git.deleteReference("refs/tags/v1");
    };
    await expect(settledInMicrotasks(all())).resolves.toBeUndefined();
  });
});
