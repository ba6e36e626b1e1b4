import { readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseLock } from "../../formats/stack-lock.ts";
import type { StackLock } from "../../formats/stack-lock.ts";
import type { LockStore } from "./lock-store.ts";

/**
 * The locks of a stack in a folder.
 * @param folder of the stack's locks; if it is missing, there are none
 */
export function lockFiles(folder: string): LockStore {
  return {
    async list() {
      const entries = await readdir(folder, { withFileTypes: true }).catch(ifMissing([]));
      const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(attributes));
      const read = await Promise.all(files.map(({ name }) => readLock(join(folder, name))));
      return read.filter((lock) => lock !== undefined);
    },
    async remove(lock) {
      if ((await readLock(lock.name))?.content !== lock.content) {
        return;
      }
      await rm(lock.name, { force: true });
      await rm(`${lock.name}${attributes}`, { force: true });
    },
  };
}

/**
 * Finds the folder of a `file:` backend as Pulumi does: `file:///state`, `file://~/state`, `file://./state`.
 * @param url beginning with `file://`
 */
export function backendFolder(url: string): string {
  const [path = ""] = url.slice("file://".length).split("?");
  return resolve(decodeURIComponent(path).replace(/^~(?=\/|$)/, homedir()));
}

/** Pulumi's file backend keeps the attributes of each file next to it, and removes them with it. */
const attributes = ".attrs";

/** @returns undefined if its run has removed it in the meantime */
async function readLock(path: string): Promise<StackLock | undefined> {
  const [content, info] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(ifMissing([]));
  return content === undefined || info === undefined ? undefined : parseLock(path, content, info.mtimeMs);
}

function ifMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") {
      return instead;
    }
    throw error;
  };
}
