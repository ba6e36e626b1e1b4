import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 10_000;
const silence = 6 * beat;

/**
 * @typedef {object} LockOptions
 * @property {string} folder Where lock files are kept.
 * @property {(pid: number) => void} [onWait] Called once if another set-up has the lock.
 * @property {AbortSignal} [signal] Ends the waiting.
 */

/**
 * Runs work on one place while no other set-up of this user does: a second one waits for its turn. A lock is taken over if
 * its process is gone, or has not touched it for a minute (it does so every 10 s). In a container small process ids come
 * back, so an id alone could keep everyone out for ever.
 *
 * @template T
 * @param {string} place the absolute path that `work` is going to write
 * @param {LockOptions} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` returned
 */
export async function withLock(place, { folder, onWait, signal }, work) {
  await mkdir(folder, { recursive: true });
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 12);
  const file = join(folder, `${basename(place)}-${hash}.lock`);
  const own = `${file}.${randomUUID()}`;
  let waits = false;
  for (;;) {
    const holder = await tryLock(file, own);
    if (holder === undefined) {
      break;
    }
    if (!waits) {
      onWait?.(holder);
    }
    waits = true;
    await sleep(500, undefined, { signal });
  }
  const alive = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {}); // another process has taken it over: there is nothing left to touch
  }, beat);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    if ((await readLock(file))?.pid === process.pid) {
      await rm(file, { force: true });
    }
  }
}

/**
 * Tries once to get the lock. A link is made whole or not at all, so no one reads a lock without its process id.
 *
 * @param {string} file
 * @param {string} own
 * @returns {Promise<number | undefined>} the process that has the lock; undefined: this one has it now
 */
async function tryLock(file, own) {
  await writeFile(own, `${process.pid}\n`);
  try {
    await link(own, file);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") {
      throw error;
    }
  } finally {
    await rm(own, { force: true });
  }
  const held = await readLock(file);
  if (held === undefined) {
    return tryLock(file, own);
  }
  if (held.alive) {
    return held.pid;
  }
  // Of two processes that find the same dead lock, one wins the rename. The other may have moved a new lock away: it puts it back.
  await rename(file, own).catch(() => {});
  const moved = await readLock(own);
  if (moved?.alive) {
    await link(own, file).catch(() => {});
  }
  await rm(own, { force: true });
  return tryLock(file, own);
}

/** @param {string} file */
async function readLock(file) {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    const pid = Number.parseInt(text, 10);
    return { pid, alive: isRunning(pid) && Date.now() - mtimeMs < silence };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"; // it is another user's, but it runs
  }
}
