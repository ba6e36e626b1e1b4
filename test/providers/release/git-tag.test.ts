import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { findGitTag } from "../../../clients/github/git-refs.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("git-tag");

async function fresh() {
  const { owner, repo, fullName, gitDir, commits } = await world.repository();
  const inputs = { repository: fullName, tag: "v1.2.3", commit: commits[1], message: "Release v1.2.3" };
  const git = async (...args: string[]) => (await execa("git", ["--git-dir", gitDir, ...args])).stdout;
  return { at: { owner, repo }, commits, inputs, git };
}

const arm = (path: RegExp, when: "before" | "after", act: FaultAct, method = "POST", times = 1): void => {
  world.sandbox.faults.add({ door: "github", method, path, when, times, act });
};
const writes = (mark: number) =>
  world.sandbox.journal.writes(mark, { door: "github" }).map(({ path }) => path.split("/").at(-1));

describe("gitTagProvider, when the tag is not there", () => {
  it("is made, annotated, at the commit", async () => {
    const { at, inputs } = await fresh();
    await host.create(inputs);
    expect(await findGitTag(at, "v1.2.3")).toEqual({ commit: inputs.commit, annotated: true });
  });
  it("has the message", async () => {
    const { inputs, git } = await fresh();
    await host.create(inputs);
    expect(await git("tag", "--list", "--format=%(contents:subject)")).toBe("Release v1.2.3");
  });
  it("keeps its inputs in the state, and its ref", async () => {
    const { inputs } = await fresh();
    expect(await host.create(inputs)).toEqual({
      id: `${inputs.repository} v1.2.3`,
      outs: { kind: "git-tag", ...inputs, ref: "refs/tags/v1.2.3" },
    });
  });
  it("makes the object first, then the ref", async () => {
    const { inputs } = await fresh();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual(["tags", "refs"]);
  });
});

describe("gitTagProvider, when the tag is there", () => {
  it.each([["lightweight"], ["annotated"]])("is taken without a write: %s", async (kind) => {
    const { inputs, git } = await fresh();
    const options = kind === "annotated" ? ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"] : [];
    await git(
      ...options,
      "tag",
      ...(kind === "annotated" ? ["--annotate", "--message", "by hand"] : []),
      "v1.2.3",
      inputs.commit,
    );
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual([]);
  });
  it("is a conflict that names both commits where it is at another", async () => {
    const { commits, inputs, git } = await fresh();
    await git("tag", "v1.2.3", commits[0]);
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, error.message.includes(commits[0]), error.message.includes(inputs.commit)]).toEqual([
      "GIT_TAG_CONFLICT",
      true,
      true,
    ]);
  });
  it("is not moved", async () => {
    const { at, commits, inputs, git } = await fresh();
    await git("tag", "v1.2.3", commits[0]);
    const mark = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(inputs));
    expect([writes(mark), (await findGitTag(at, "v1.2.3"))?.commit]).toEqual([[], commits[0]]);
  });
  it("is not moved by an update either", async () => {
    const { at, commits, inputs } = await fresh();
    const { outs } = await host.create(inputs);
    const error = await releaseErrorOf(host.update(outs, { ...inputs, commit: commits[2] }));
    expect([error.code, (await findGitTag(at, "v1.2.3"))?.commit]).toEqual(["GIT_TAG_CONFLICT", inputs.commit]);
  });
  it("stays when the resource is deleted", async () => {
    const { at, inputs } = await fresh();
    const { outs } = await host.create(inputs);
    await host.delete(outs);
    expect((await findGitTag(at, "v1.2.3"))?.commit).toBe(inputs.commit);
  });
});

describe("gitTagProvider, when GitHub fails", () => {
  it.each([
    ["git/tags", "before", "reset"],
    ["git/tags", "after", "reset"],
    ["git/refs", "before", "reset"],
    ["git/refs", "after", "reset"],
    ["git/refs", "before", { status: 502, body: { message: "Server Error" } }],
    ["git/refs", "after", { status: 502, body: { message: "Server Error" } }],
  ] as const)("makes the tag all the same (POST %s, %s the effect, %j)", async (path, when, act) => {
    const { at, inputs } = await fresh();
    arm(new RegExp(`${path}$`), when, act);
    await host.create(inputs);
    expect(await findGitTag(at, "v1.2.3")).toEqual({ commit: inputs.commit, annotated: true });
  });
  it("asks for the ref once where only the answer was lost", async () => {
    const { inputs } = await fresh();
    arm(/git\/refs$/, "after", "reset");
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual(["tags", "refs"]);
  });
  it("tells of a ruleset that refuses", async () => {
    const { inputs } = await fresh();
    arm(/git\/refs$/, "before", { status: 422, body: { message: "Reference update failed" } });
    expect((await releaseErrorOf(host.create(inputs))).code).toBe("REFUSED_BY_RULE");
  });
});

describe("gitTagProvider, when a twin is at work", () => {
  /** Lets `change` happen between the look and the write. */
  const meanwhile = (change: () => Promise<unknown>): void =>
    arm(/git\/refs$/, "before", async () => {
      await change();
    });
  it("takes the tag that the twin has just made", async () => {
    const { inputs, git } = await fresh();
    meanwhile(() => git("tag", "v1.2.3", inputs.commit));
    expect((await host.create(inputs)).outs["ref"]).toBe("refs/tags/v1.2.3");
  });
  it("is a conflict where the twin has made it elsewhere", async () => {
    const { commits, inputs, git } = await fresh();
    meanwhile(() => git("tag", "v1.2.3", commits[2]));
    expect((await releaseErrorOf(host.create(inputs))).message).toContain(`v1.2.3 names the commit ${commits[2]}`);
  });
  it("succeeds in both", async () => {
    const { inputs } = await fresh();
    const [one, other] = await Promise.all([host.create(inputs), host.create(inputs)]);
    expect(one).toEqual(other);
  });
});

describe("gitTagProvider, when the world is read", () => {
  it("is unchanged where the tag is", async () => {
    const { inputs } = await fresh();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "git-tag", ...inputs } });
  });
  it("shows the commit that the tag names now", async () => {
    const { commits, inputs, git } = await fresh();
    const { outs } = await host.create(inputs);
    await git("tag", "--force", "v1.2.3", commits[2]);
    expect((await host.read(outs)).inputs?.["commit"]).toBe(commits[2]);
  });
  it("is gone where GitHub says 404", async () => {
    const { inputs } = await fresh();
    expect(await host.read(inputs)).toEqual({});
  });
  it.each([401, 403, 500])("fails and keeps the state where GitHub says %i", async (status) => {
    const { inputs } = await fresh();
    const { outs } = await host.create(inputs);
    arm(/git\/ref/, "before", { status, body: { message: "no" } }, "GET", Infinity);
    expect((await releaseErrorOf(host.read(outs))).message).toContain(`status ${status}`);
  });
});
