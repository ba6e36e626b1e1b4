import { cp, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { withoutSecretVariables } from "../errors/secret-values.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** The example's repository on the sandbox's GitHub. */
const fullName = "acme/widgets";

const firstTag = "v1.0.0";

/** The parts of a sandbox that the example project needs: its folder, and its GitHub. */
export interface ExampleHost {
  folder: string;
  github: Pick<Sandbox["github"], "createRepository">;
}

/**
 * Puts the example project into a sandbox: a repository on its GitHub, and a clone at `FOLDER/example` with one commit and the tag
 * v1.0.0. The commit is the same on every machine, so a sandbox whose clone was lost still finds what was released from it.
 *
 * An existing clone belongs to the person at the machine and stays as it is: commits, tags and changes. Commits pushed to the sandbox's
 * GitHub also stay; a new clone has them.
 * @returns path of the clone
 */
export async function makeExampleProject({ folder, github }: ExampleHost): Promise<string> {
  const { gitDir } = await github.createRepository(fullName);
  const clone = join(folder, "example");
  if (!(await isClone(clone))) {
    await makeClone(folder, clone, gitDir);
  }
  const pushed = await execa("git", ["ls-remote", "--exit-code", gitDir, "refs/heads/main"], { reject: false });
  if (pushed.failed) {
    const first = (await gitIn(clone)("rev-list", "--max-parents=0", "HEAD")).stdout.split("\n").at(-1) ?? "";
    await gitIn(clone)("push", "--quiet", gitDir, `${first}:refs/heads/main`);
  }
  return clone;
}

/** Makes the clone elsewhere and moves it into place whole, so that an existing clone is always complete. */
async function makeClone(folder: string, clone: string, gitDir: string): Promise<void> {
  const place = await mkdtemp(join(folder, "example-"));
  const made = join(place, "example");
  try {
    await cp(new URL("../examples/widgets", import.meta.url), made, { recursive: true });
    const git = gitIn(made);
    await git("init", "--quiet", "--initial-branch=main");
    await git("config", "core.fileMode", "false");
    await git("add", "--all");
    await git("commit", "--quiet", "--message=Greet");
    await git("remote", "add", "origin", gitDir);
    await git("fetch", "--quiet", "--tags", "origin");
    if ((await git("tag", "--list", firstTag)).stdout === "") {
      await git("tag", firstTag);
    }
    const [main] = (await git("branch", "--remotes", "--list", "origin/main", "--format=%(refname)")).stdout.split(
      "\n",
    );
    if (main) {
      await git("reset", "--quiet", "--hard", main);
    }
    await rm(clone, { recursive: true, force: true });
    await rename(made, clone);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** git whose commits depend on nothing of this machine: not on its settings (signing, hooks, file modes), on a person or on the time. */
function gitIn(cwd: string): (...args: string[]) => Promise<{ stdout: string }> {
  const person = { NAME: "Widgets", EMAIL: "widgets@example.org", DATE: "2026-01-15T09:00:00Z" };
  const env = {
    ...withoutSecretVariables(process.env),
    ...Object.fromEntries(
      Object.entries(person).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  return async (...args) => {
    const { stdout } = await execa("git", args, { cwd, env, extendEnv: false });
    return { stdout };
  };
}

async function isClone(folder: string): Promise<boolean> {
  return (await stat(join(folder, ".git")).catch(() => undefined)) !== undefined;
}
