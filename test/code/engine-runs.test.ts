import { describe, expect, it } from "vitest";
import { engineRunsText, isEngineRun } from "../support/engine-runs.ts";

describe("isEngineRun", () => {
  it.each([
    ["pulumi", ["up", "--yes"]],
    ["/opt/pulumi/bin/pulumi", ["preview"]],
    ["pulumi", ["destroy", "--yes", "--skip-preview"]],
    ["pulumi", ["refresh"]],
    ["node", ["commands/main.ts", "release", "--stack", "prod"]],
    ["/usr/bin/node", ["/checkout/commands/main.ts", "start", "--keep"]],
  ])("counts %s %j", (file, args) => {
    expect(isEngineRun(file, args)).toBe(true);
  });

  it.each([
    ["pulumi", ["stack", "export", "--stack", "up"]],
    ["pulumi", []],
    ["node", ["commands/main.ts", "verify", "--all"]],
    ["node", ["other.ts", "release"]],
    ["git", ["up"]],
  ])("does not count %s %j", (file, args) => {
    expect(isEngineRun(file, args)).toBe(false);
  });
});

describe("engineRunsText", () => {
  const all = [
    { path: "test/plan/a.test.ts", runs: 0 },
    { path: "test/engine/b.test.ts", runs: 2 },
    { path: "test/engine/c.test.ts", runs: 11 },
  ];

  it("lists the files that ran it, most runs first, below the sum", () => {
    expect(engineRunsText(all, 13)).toEqual({
      text: "Runs of the engine: 13 of 13\n   11  test/engine/c.test.ts\n    2  test/engine/b.test.ts\n",
      over: false,
    });
  });

  it("says when they are more than the budget", () => {
    const { text, over } = engineRunsText(all, 12);
    expect([text.split("\n")[0], over]).toEqual(["Runs of the engine: 13 of 12, more than the budget", true]);
  });

  it("says nothing if nothing ran it", () => {
    expect(engineRunsText(all.slice(0, 1), 0)).toEqual({ text: "", over: false });
  });
});
