import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { isCommitThere, observeDescent } from "../../../observe/published/commit.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { releaseErrorOf } from "../../providers/release-error-of.ts";

const world = connectedSandbox();

describe("isCommitThere", () => {
  it("is there where it was pushed", async () => {
    const { fullName, commits } = await world.repository();
    expect(await Promise.all(commits.map((commit) => isCommitThere(fullName, commit)))).toEqual([true, true, true]);
  });

  it("is not there where it was not", async () => {
    const { fullName } = await world.repository();
    expect(await isCommitThere(fullName, "1".repeat(40))).toBe(false);
  });

  it("is not known where GitHub does not say", async () => {
    const { fullName, commits } = await world.repository();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /git\/commits/,
      when: "before",
      act: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    const { code, parts } = await releaseErrorOf(isCommitThere(fullName, commits[0]));
    expect([code, parts.step]).toEqual(["DENIED", `checking whether the commit ${commits[0]} is in ${fullName}`]);
  });

  it("writes nothing", async () => {
    const { fullName, commits } = await world.repository();
    const mark = world.sandbox.journal.mark();
    await isCommitThere(fullName, commits[0]);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
});

describe("observeDescent", () => {
  it("returns the time of a commit that is the other one or before it", async () => {
    const { fullName, commits, gitDir } = await world.repository();
    const { stdout } = await execa("git", ["--git-dir", gitDir, "show", "-s", "--format=%ct", commits[0]]);
    expect(await observeDescent(fullName, commits[0], commits[2])).toBe(Number(stdout));
    expect(await observeDescent(fullName, commits[2], commits[2])).toEqual(expect.any(Number));
  });

  it("says no for a commit after it, and for one of another branch", async () => {
    const { fullName, commits, gitDir } = await world.repository();
    const tree = `${commits[0]}^{tree}`;
    const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    const args = [...person, "--git-dir", gitDir, "commit-tree", "-p", commits[0], "-m", "Aside", tree];
    const { stdout: aside } = await execa("git", args);
    expect(await observeDescent(fullName, commits[2], commits[0])).toBeUndefined();
    expect(await observeDescent(fullName, aside, commits[2])).toBeUndefined();
  });

  it("says no for a commit that GitHub does not have", async () => {
    const { fullName, commits } = await world.repository();
    expect(await observeDescent(fullName, "1".repeat(40), commits[2])).toBeUndefined();
    expect(await observeDescent(fullName, commits[2], "1".repeat(40))).toBeUndefined();
  });

  it("does not know it if GitHub does not say", async () => {
    const { fullName, commits } = await world.repository();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /compare/,
      when: "before",
      act: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    const { code, parts } = await releaseErrorOf(observeDescent(fullName, commits[0], commits[2]));
    expect([code, parts.step]).toEqual([
      "DENIED",
      `checking whether the commit ${commits[0]} is an ancestor of ${commits[2]}`,
    ]);
  });
});
