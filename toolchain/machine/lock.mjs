import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 10_000;
const silence = 6 * beat;

/**
 * @typedef {object} LockOptions
 * @property {string} folder Where lock files are kept.
 * @property {(pid: number) => void} [onWait] Called once when another set-up holds the lock.
 * @property {AbortSignal} [signal] Ends the waiting.
 */

/**
 * Does something to one place while no other set-up of this user does: a second one waits its turn. A lock whose process
 * is gone is taken over. So is one that has been silent for a minute (its holder touches it every 10 s): in a container
 * small process numbers come back, and a number alone would then keep everybody out for ever.
 *
 * @template T
 * @param {string} place What the lock is for: the absolute path that `work` is going to write.
 * @param {LockOptions} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` returned
 */
export async function withLock(place, { folder, onWait, signal }, work) {
  await mkdir(folder, { recursive: true });
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 12);
  const file = join(folder, `${basename(place)}-${hash}.lock`);
  const own = `${file}.${randomUUID()}`;
  let told = false;
  for (;;) {
    const holder = await take(file, own);
    if (holder === undefined) {
      break;
    }
    if (!told) {
      onWait?.(holder);
    }
    told = true;
    await sleep(500, undefined, { signal });
  }
  const alive = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {}); // taken over by someone who thought us dead: nothing left to touch
  }, beat);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    if ((await look(file))?.pid === process.pid) {
      await rm(file, { force: true });
    }
  }
}

/**
 * Tries once. A link is made whole or not at all, so nobody ever reads a lock without its number.
 *
 * @param {string} file
 * @param {string} own
 * @returns {Promise<number | undefined>} the process that holds the lock, or undefined when it is ours now
 */
async function take(file, own) {
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
  const held = await look(file);
  if (held === undefined) {
    return take(file, own);
  }
  if (held.alive) {
    return held.pid;
  }
  // Of two that find the same dead lock one wins the rename. The other may have moved a fresh lock away: it is put back.
  await rename(file, own).catch(() => {});
  const moved = await look(own);
  if (moved?.alive) {
    await link(own, file).catch(() => {});
  }
  await rm(own, { force: true });
  return take(file, own);
}

/** @param {string} file */
async function look(file) {
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
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"; // another user's, but there
  }
}
