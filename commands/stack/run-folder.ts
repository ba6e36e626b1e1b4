import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs Pulumi with a folder of its own, in which the processes of this one run keep answers of servers for each other: the refresh and the program
 * that follows it ask the same questions. The folder is removed when the run ends.
 * @param run gets the environment for Pulumi
 */
export async function withRunFolder<T>(
  environment: Readonly<Record<string, string>>,
  run: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-run-"));
  try {
    return await run({ ...environment, LOCKSTEP_RUN_FOLDER: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
