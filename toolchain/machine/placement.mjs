import { accessSync, constants, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const temporary = ".lockstep-partial-";
/** Name of the file beside a tool that says where it came from. */
export const originName = ".lockstep-origin";

/**
 * Makes files beside the place they belong to, then renames each into it. So a file in its place is always complete. What
 * an interrupted run left half-made never gets there, and the next run removes it.
 *
 * @param {string} folder the place of the files
 * @param {(temporary: string) => Promise<string>} make puts them into the given empty folder, or into one below it, and
 *   returns that folder
 * @param {string} [last] the file that is renamed last, because its presence counts as proof of the others
 * @returns {Promise<void>}
 */
export async function placeFiles(folder, make, last) {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith(temporary)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  const partial = await mkdtemp(join(folder, temporary));
  try {
    const made = await make(partial);
    const names = (await readdir(made)).sort((a, b) => Number(a === last) - Number(b === last));
    for (const name of names) {
      await chmod(join(made, name), 0o755);
      await rename(join(made, name), join(folder, name));
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Reads where a tool in its place came from, as `noteOrigin` wrote it. A file that the user put there is "already there".
 *
 * @param {...string} files all the files of the tool
 * @returns {string | undefined} undefined: one of them is missing or cannot be run
 */
export function originOf(...files) {
  try {
    for (const file of files) {
      accessSync(file, constants.X_OK);
    }
  } catch {
    return undefined;
  }
  try {
    return readFileSync(join(dirname(files[0] ?? ""), originName), "utf8").trim();
  } catch {
    return "already there";
  }
}

/**
 * Writes down where a tool came from, for the table of tools.
 *
 * @param {string} folder the tool's own folder
 * @param {string} origin
 */
export async function noteOrigin(folder, origin) {
  await writeFile(join(folder, originName), `${origin}\n`);
}
