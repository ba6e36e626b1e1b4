import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** How long bytes stay that no run uses, in milliseconds: 30 days. */
const longestUnused = 30 * 24 * 60 * 60 * 1000;

/** The name of its files, and of those that were not finished. Others are not its own. */
const ownFile = /^[0-9a-f]{64}(\.[0-9a-f-]{36})?$/;

/** The content cache of a checkout, unless LOCKSTEP_CONTENT_CACHE names another folder. */
export function locateContentCache(checkout: string, { LOCKSTEP_CONTENT_CACHE: chosen }: NodeJS.ProcessEnv): string {
  return chosen ?? join(checkout, ".content-cache");
}

/**
 * Removes from the content cache what no run has used for 30 days.
 * @param folder may not exist
 */
export async function trimContentCache(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => ownFile.test(name));
  const oldest = Date.now() - longestUnused;
  for (const name of names) {
    const path = join(folder, name);
    // Another run may be removing it as well.
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs < oldest) {
      await rm(path, { force: true });
    }
  }
}
