import { describe, expect, it } from "vitest";
import { isCommitThere } from "../../../observe/published/commit.ts";
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
