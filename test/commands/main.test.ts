import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { helpText } from "../../commands/command-line/help-text.ts";

const checkout = new URL("../..", import.meta.url).pathname;
const run = (...args: string[]) => execa("node", ["commands/main.ts", ...args], { cwd: checkout, reject: false });

describe("commands/main.ts", () => {
  it("prints help to standard output and ends with 0", async () => {
    expect(await run("help")).toMatchObject({ exitCode: 0, stdout: helpText(), stderr: "" });
  });

  it.each([[[]], [["relaese"]], [["verify", "--al"]], [["release", "--stack"]], [["retention"]]])(
    "ends with 2 if it is called with %j, and says on standard error what is wrong and how to go on",
    async (args) => {
      const { exitCode, stdout, stderr } = await run(...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(
        /^.+\n\n(For example: npm run .+\n)?All (commands: npm run help|options: npm run \w+ -- --help)$/,
      );
    },
  );

  it("ends with 1 and without a stack trace if a command fails", async () => {
    const { exitCode, stderr } = await run("verify", "--all", "--config-file", "no-such-file.yaml");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("no-such-file.yaml");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
