import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/**
 * Makes an empty bare repository as `git init --bare` does, without hooks and descriptions.
 * Source: gitrepository-layout(5).
 */
export async function makeRepository(directory: string, defaultBranch: string): Promise<void> {
  for (const folder of ["objects/info", "objects/pack", "refs/heads", "refs/tags"]) {
    await mkdir(join(directory, folder), { recursive: true });
  }
  await writeFile(
    join(directory, "config"),
    "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
  );
  // Last: git takes a folder for a repository once it has this file.
  await writeFile(join(directory, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
}

/**
 * Every reference of a repository with the object that it names, sorted by name, as the files say it now.
 * Source: gitrepository-layout(5), git-pack-refs(1).
 */
export async function storedReferences(directory: string): Promise<Map<string, string>> {
  // Git packs a reference before it removes its own file: who reads in this order misses none.
  const loose = await looseReferences(directory);
  const packed = await readFile(join(directory, "packed-refs"), "utf8").catch(nothingThere);
  const all = new Map<string, string>();
  for (const [, sha = "", name = ""] of (packed ?? "").matchAll(/^([0-9a-f]{40}) (refs\/\S+)$/gm)) {
    all.set(name, sha);
  }
  for (const [name, sha] of loose) {
    all.set(name, sha);
  }
  return new Map([...all].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whether an object has a file of its own. One without may still be in a pack. */
export function hasLooseObject(directory: string, sha: string): boolean {
  return existsSync(join(directory, "objects", sha.slice(0, 2), sha.slice(2)));
}

async function looseReferences(directory: string): Promise<[name: string, sha: string][]> {
  const entries = await readdir(join(directory, "refs"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const read = await Promise.all(
    files.map(async (file) => {
      const text = (await readFile(file, "utf8").catch(nothingThere))?.trim() ?? "";
      return [relative(directory, file).replaceAll(sep, "/"), text] as [string, string];
    }),
  );
  // What names another reference, and a lock that waits for its content, are none.
  return read.filter(([, text]) => /^[0-9a-f]{40}$/.test(text)).filter(([name]) => !name.endsWith(".lock"));
}

function nothingThere(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
    throw error;
  }
  return undefined;
}
