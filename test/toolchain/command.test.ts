import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

const module = fileURLToPath(new URL("../../toolchain/command.mjs", import.meta.url));

/** Runs `sh -c script` through `runCommand` in a process of its own, which prints how it ended. */
function through(script: string) {
  const code = `import { runCommand } from ${JSON.stringify(module)};
    console.log("how", await runCommand("sh", ["-c", ${JSON.stringify(script)}], process.env));`;
  return execa(process.execPath, ["--input-type=module", "--eval", code], { stdin: "ignore" });
}

describe("runCommand, when a command ends", () => {
  it.each([
    ["exit 0", "how 0"],
    ["exit 7", "how 7"],
    ["kill -TERM $$", "how SIGTERM"],
  ])("%s is reported as %s", async (script, reported) => {
    expect((await through(script)).stdout).toBe(reported);
  });
});

describe("runCommand, when a signal comes while a command runs", () => {
  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("passes %s on once and waits", async (signal) => {
    const name = signal.slice(3);
    const run = through(`trap 'echo got ${name}' ${name}; echo ready; for i in 1 2 3 4 5; do sleep 0.1; done`);
    run.stdout?.once("data", () => run.kill(signal));
    expect((await run).stdout.split("\n")).toEqual(["ready", `got ${name}`, "how 0"]);
  });
});

describe("runCommand, when there is no such command", () => {
  it("says so", async () => {
    const code = `import { runCommand } from ${JSON.stringify(module)};
      await runCommand("no-such-command", [], process.env).catch((error) => console.log(error.name, error.message));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", code]);
    expect(stdout).toBe("ToolError no-such-command: spawn no-such-command ENOENT");
  });
});
