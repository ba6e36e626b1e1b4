import { describe, expect, it } from "vitest";
import { fastTests, startedByTheCode } from "../support/fast-tests.ts";
import { sourceFiles } from "./source-files.ts";

const files = await sourceFiles(["test", "sandbox"]);
const fast = fastTests(files);

/** What is fast of a made-up test with these lines, with two files beside it. */
function fastOf(...lines: string[]): string[] {
  return fastTests([
    { path: "test/plan/made-up.test.ts", text: lines.join("\n") },
    { path: "test/support/starter.ts", text: 'import { execa } from "execa";' },
    { path: "test/support/sandboxed.ts", text: 'import { startSandbox } from "../../sandbox/sandbox.ts";' },
    { path: "sandbox/host/tied-process.ts", text: 'import { spawn } from "node:child_process";' },
  ]);
}

describe("fastTests", () => {
  it.each([
    ["imports the code alone", 'import { planVersion } from "../../plan/project/version.ts";'],
    ["has only types of a process", 'import type { ChildProcess } from "node:child_process";'],
    ["imports a part of the sandbox", 'import { startTiedProcess } from "../../sandbox/host/tied-process.ts";'],
    ["has the name in a text", 'const text = "node:child_process";'],
  ])("has a file that %s", (_, line) => {
    expect(fastOf('import { it } from "vitest";', line)).toEqual(["test/plan/made-up.test.ts"]);
  });

  it.each([
    ["starts processes", 'import { execa } from "execa";'],
    ["starts processes, in several lines", 'import {\n  execa,\n  parseCommandString,\n} from "execa";'],
    ["starts processes by another file", 'import { started } from "../support/starter.ts";'],
    ["starts the sandbox", 'import { startSandbox } from "../../sandbox/sandbox.ts";'],
    ["starts the sandbox by another file", 'export * from "../support/sandboxed.ts";'],
    ["starts the sandbox late", 'const { startSandbox } = await import("../../sandbox/sandbox.ts");'],
    ["reads a database", 'import pg from "pg";'],
  ])("has no file that %s", (_, line) => {
    expect(fastOf('import { it } from "vitest";', line)).toEqual([]);
  });
});

describe("the fast tests", () => {
  it("are many, and none is of the engine", () => {
    expect(fast.length).toBeGreaterThan(90);
    expect(fast.filter((path) => path.startsWith("test/engine/"))).toEqual([]);
  });

  it.each(["config", "errors", "formats", "plan"])("have nearly all of %s/", (layer) => {
    const all = files.filter(({ path }) => path.startsWith(`test/${layer}/`) && path.endsWith(".test.ts"));
    expect(fast.filter((path) => path.startsWith(`test/${layer}/`)).length).toBeGreaterThan(all.length - 3);
  });

  it.each(startedByTheCode)("would have %s if it were not named", (path) => {
    const file = files.find((one) => one.path === path);
    const renamed = path.replace(".test.ts", "-renamed.test.ts");
    expect(file).toBeDefined();
    expect(fastTests([...files, { path: renamed, text: file?.text ?? "" }])).toContain(renamed);
  });
});
