import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lookUpDescent } from "../../../../observe/source/workspace/descent.ts";

let folder: string;
let whole: string;
let shallow: string;
let [first, second, aside]: string[] = [];

async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { GIT_COMMITTER_DATE: "1767323045 +0000", GIT_CONFIG_GLOBAL: "/dev/null" };
  const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  return (await execa("git", [...person, ...args], { cwd, env })).stdout;
}

async function commit(message: string): Promise<string> {
  await git(whole, "commit", "--quiet", "--allow-empty", `--message=${message}`);
  return git(whole, "rev-parse", "HEAD");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-descent-"));
  [whole, shallow] = [join(folder, "whole"), join(folder, "shallow")];
  await execa("git", ["init", "--quiet", "--initial-branch=main", whole]);
  first = await commit("One");
  await git(whole, "checkout", "--quiet", "-b", "aside");
  aside = await commit("Aside");
  await git(whole, "checkout", "--quiet", "main");
  second = await commit("Two");
  await git(folder, "clone", "--quiet", "--depth=1", "--no-single-branch", `file://${whole}`, shallow);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("lookUpDescent", () => {
  it("returns the time of a commit before the other one, and of the same commit", async () => {
    expect(await lookUpDescent(whole, first ?? "", second ?? "")).toBe(1_767_323_045);
    expect(await lookUpDescent(whole, second ?? "", second ?? "")).toBe(1_767_323_045);
  });

  it("says no for a commit after it, and for one of another branch", async () => {
    expect(await lookUpDescent(whole, second ?? "", first ?? "")).toBe("no");
    expect(await lookUpDescent(whole, aside ?? "", second ?? "")).toBe("no");
  });

  it("cannot say it of a commit that the clone does not have", async () => {
    expect(await lookUpDescent(whole, "1".repeat(40), second ?? "")).toBe("unknown");
    expect(await lookUpDescent(shallow, first ?? "", second ?? "")).toBe("unknown");
  });

  it("does not say no in a shallow clone that has both commits: the history between them may be missing", async () => {
    expect(await lookUpDescent(shallow, aside ?? "", second ?? "")).toBe("unknown");
    expect(await lookUpDescent(shallow, second ?? "", second ?? "")).toBe(1_767_323_045);
  });

  it("cannot say it without a repository", async () => {
    expect(await lookUpDescent(folder, first ?? "", second ?? "")).toBe("unknown");
  });
});
