import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateContentCache, trimContentCache } from "./content-cache.ts";

/**
 * Runs Pulumi with two folders:
 *
 * - a folder of its own, in which the processes of this one run keep answers of servers for each other: the refresh and the program that follows
 *   it ask the same questions. It is removed when the run ends;
 * - the content cache, which stays for later runs: bytes by their digests.
 *
 * @param run gets the environment for Pulumi
 */
export async function withRunFolder<T>(
  environment: Readonly<Record<string, string>>,
  run: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-run-"));
  const cache = locateContentCache(process.cwd(), process.env);
  try {
    return await run({ ...environment, LOCKSTEP_RUN_FOLDER: folder, LOCKSTEP_CONTENT_CACHE: cache });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await trimContentCache(cache);
  }
}
