import { dirname, join } from "node:path";
import { withRunFolder } from "../commands/stack/run-folder.ts";
import type { Project } from "../test/support/project.ts";

/**
 * Gives a project's `up` what `npm run release` gives it: its processes share answers, bytes are cached by their digests, 32 steps run at once, and
 * the state is saved once.
 */
export async function asRelease<T>(project: Project, run: () => Promise<T>): Promise<T> {
  return withRunFolder({}, async (environment) => {
    Object.assign(project.environment, environment, {
      LOCKSTEP_CONTENT_CACHE: join(dirname(project.folder), "content-cache"),
      PULUMI_PARALLEL: "32",
      PULUMI_SKIP_CHECKPOINTS: "true",
    });
    return run();
  });
}

/**
 * Lets a bench go on only after a success: a failed run is fast.
 * @throws Error with the run's whole output
 */
export function succeeded({ exitCode, output }: { exitCode: number | undefined; output: string }): void {
  if (exitCode !== 0) {
    throw new Error(output);
  }
}
