import { askGit } from "./git.ts";

/**
 * Asks the clone whether a commit is another one or an ancestor of it.
 * @param workspace folder in the work tree, relative to the current one
 * @param commit full id
 * @param of full id
 * @returns the time of `commit` in seconds since 1970 if it is; `no` if it is not; `unknown` if the clone cannot say: it does not have both
 * commits, or its history is cut off (a shallow clone)
 */
export async function lookUpDescent(workspace: string, commit: string, of: string): Promise<number | "no" | "unknown"> {
  try {
    await askGit(workspace, "merge-base", "--is-ancestor", commit, of);
    return Number(await askGit(workspace, "show", "--no-patch", "--format=%ct", commit));
  } catch (error) {
    const { exitCode } = error as { exitCode?: number };
    // Git exits with 1 for "no", and with another code if it does not know one of the commits.
    return exitCode === 1 && !(await isShallow(workspace)) ? "no" : "unknown";
  }
}

async function isShallow(workspace: string): Promise<boolean> {
  return (await askGit(workspace, "rev-parse", "--is-shallow-repository")) !== "false";
}
