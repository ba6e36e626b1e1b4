import { describe, expect, it } from "vitest";
import { lockFolder, parseLock, refusingLocks } from "../../formats/stack-lock.ts";

const at = Date.parse("2026-01-15T08:00:00Z");

describe("lockFolder", () => {
  it.each([
    ["prod", ".pulumi/locks/organization/lockstep/prod"],
    ["organization/prod", ".pulumi/locks/organization/lockstep/prod"],
    ["organization/other/prod", ".pulumi/locks/organization/other/prod"],
  ])("%s has %s", (stack, folder) => {
    expect(lockFolder(stack, "lockstep")).toBe(folder);
  });
});

describe("parseLock", () => {
  it("says who took it and when, in the time of any zone", () => {
    const content =
      '{"pid":4711,"username":"ada","hostname":"laptop","timestamp":"2026-01-15T09:00:00.123456789+01:00"}';
    expect(parseLock("a.json", content, 0)).toEqual({
      name: "a.json",
      pid: 4711,
      username: "ada",
      hostname: "laptop",
      takenAt: at + 123,
      content,
    });
  });

  const whole = { pid: 1, username: "ada", hostname: "laptop", timestamp: "2026-01-15T08:00:00Z" };

  it.each([
    ["a write that was cut off", '{"pid":1,"usern'],
    ["nothing", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["no time", JSON.stringify({ ...whole, timestamp: "soon" })],
    ["no process", JSON.stringify({ ...whole, pid: -1 })],
    ["a name with a control character", JSON.stringify({ ...whole, username: "a\u001b[2Jda" })],
    ["a name that turns the text round", JSON.stringify({ ...whole, hostname: "lap\u202etop" })],
  ])("%s is the lock of an unknown run, as old as the file", (_, content) => {
    const unknown = { pid: 0, username: "", hostname: "", takenAt: at };
    expect(parseLock("a.json", content, at)).toEqual({ name: "a.json", content, ...unknown });
  });
});

describe("refusingLocks", () => {
  const first =
    "s3://bucket/.pulumi/locks/organization/lockstep/prod/1.json?region=eu: created by ada@laptop (pid 4711) at 2026-01-15T09:00:00+01:00";
  const second =
    "s3://bucket/.pulumi/locks/organization/lockstep/prod/2.json?region=eu: created by CORP\\ada b@ci-1.example (pid 1) at 2026-01-15T08:00:00Z";
  const words = (count: number, ...lines: string[]): string =>
    `error: could not create stack: the stack is currently locked by ${count} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n  ${lines.join("\n  ")}\n`;

  it("all locks that it names are read", () => {
    const name = "s3://bucket/.pulumi/locks/organization/lockstep/prod";
    expect(refusingLocks(words(2, first, second))).toMatchObject([
      { name: `${name}/1.json?region=eu`, pid: 4711, username: "ada", hostname: "laptop", takenAt: at },
      { name: `${name}/2.json?region=eu`, pid: 1, username: "CORP\\ada b", hostname: "ci-1.example", takenAt: at },
    ]);
  });

  it.each([
    ["another lock than it counts", words(2, first)],
    ["a lock without a holder", words(1, "s3://bucket/x.json: created by @ (pid 0) at 0001-01-01T00:00:00Z")],
    ["a lock in other words", words(1, "s3://bucket/x.json: taken by ada@laptop")],
  ])("%s is nothing to decide by", (_, text) => {
    expect(refusingLocks(text)).toBeUndefined();
  });

  it("another reason names no lock", () => {
    expect(refusingLocks("error: stack 'organization/lockstep/prod' already exists")).toEqual([]);
  });
});
