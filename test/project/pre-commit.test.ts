import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../code/source-files.ts";

/** A repository whose `npm` writes down what it was asked for, and what it could see of git. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-hook-"));
  await git("init", "--quiet");
  await git("config", "core.hooksPath", join(root, ".githooks"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function git(...args: string[]) {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"];
  const env = { PATH: [folder, process.env["PATH"]].join(delimiter) };
  return execa("git", [...identity, ...args], { cwd: folder, env, reject: false });
}

async function npmEndsWith(code: number): Promise<void> {
  const npm = join(folder, "npm");
  await writeFile(npm, `#!/bin/sh\n{ echo "$@"; env | grep ^GIT_INDEX_FILE=; } > asked\nexit ${code}\n`);
  await chmod(npm, 0o755);
}

describe("the pre-commit hook", () => {
  it("runs the fast checks, and hides git's own variables from them", async () => {
    await npmEndsWith(0);
    const { exitCode } = await git("commit", "--allow-empty", "--message", "a");
    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, "asked"), "utf8")).toBe("run --silent check:fast\n");
  });

  it("refuses a commit whose checks fail", async () => {
    await npmEndsWith(1);
    expect((await git("commit", "--allow-empty", "--message", "a")).exitCode).toBe(1);
    expect((await git("log")).exitCode).not.toBe(0);
  });

  it("runs a script that package.json has", async () => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { scripts: object };
    expect(Object.keys(scripts)).toContain("check:fast");
  });
});
