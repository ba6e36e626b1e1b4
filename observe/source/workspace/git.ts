import { execa } from "execa";
import { withoutSecretVariables } from "../../../errors/secret-values.ts";

/**
 * Asks git about a work tree. Git gets no token, writes nothing, fetches nothing, and runs no program of the repository's.
 * @param workspace folder in the work tree, relative to the current one
 * @param args only of commands that read
 * @returns what it prints
 * @throws ExecaError if git is not installed or does not exit with 0
 */
export async function askGit(workspace: string, ...args: string[]): Promise<string> {
  const env = {
    ...withoutSecretVariables(process.env),
    // `git status` would else refresh the index file, a write.
    GIT_OPTIONAL_LOCKS: "0",
    // A partial clone would else fetch an object that is missing.
    GIT_NO_LAZY_FETCH: "1",
  };
  // A repository's own settings may name a program as its file monitor, and `git status` would run it.
  const settings = ["-c", "core.fsmonitor=false"];
  return (await execa("git", [...settings, ...args], { cwd: workspace, env, extendEnv: false })).stdout;
}
