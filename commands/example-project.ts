import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** The example's repository on the sandbox's GitHub. */
const fullName = "acme/widgets";

/**
 * Puts the example project into a sandbox: a repository on its GitHub, and a clone at `FOLDER/example` with one commit and the tag
 * v1.0.0. The commit is the same on every machine, so a second call finds what the first one released.
 * @returns path of the clone
 */
export async function makeExampleProject(sandbox: Sandbox): Promise<string> {
  const { gitDir } = await sandbox.github.createRepository(fullName);
  const folder = join(sandbox.folder, "example");
  await rm(folder, { recursive: true, force: true });
  await cp(new URL("../examples/widgets", import.meta.url), folder, { recursive: true });
  const person = { NAME: "Widgets", EMAIL: "widgets@example.org", DATE: "2026-01-15T09:00:00Z" };
  const env = Object.fromEntries(
    Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
  // The machine's own git settings (signing, hooks, file modes) must not reach the commit.
  const git = (...args: string[]) =>
    execa("git", args, {
      cwd: folder,
      env: { ...env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "core.fileMode", "false");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Greet");
  await git("tag", "v1.0.0");
  await git("remote", "add", "origin", gitDir);
  await git("push", "--quiet", "origin", "main");
  return folder;
}
