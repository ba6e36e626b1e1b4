import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layerFolders } from "../../lint/layers.ts";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folders whose code is the product, in the way of the data; sandbox/ and toolchain/ stand beside it. */
export const productFolders: readonly string[] = layerFolders.filter(
  (name) => name !== "sandbox" && name !== "toolchain",
);

/** A file of the checkout. */
export interface SourceFile {
  /** Path from the root, with `/`. */
  path: string;
  text: string;
}

const code = /\.(ts|mts|mjs|js)$/;
const notOurs = /(^|\/)(node_modules|go|\.[^/]+)(\/|$)/;

/** Every file with code below some folders of the checkout, sorted by path; folders that are not there have none. */
export async function sourceFiles(folders: readonly string[]): Promise<SourceFile[]> {
  const present = new Set(await readdir(root));
  const lists = await Promise.all(
    folders
      .filter((folder) => present.has(folder))
      .map(async (folder) =>
        (await readdir(join(root, folder), { recursive: true })).map((path) => `${folder}/${path}`),
      ),
  );
  const paths = lists.flat().filter((path) => code.test(path) && !notOurs.test(path));
  return Promise.all(paths.toSorted().map(async (path) => ({ path, text: await readFile(join(root, path), "utf8") })));
}

/** The lines of files that match, as "path:line". */
export function linesWith(files: readonly SourceFile[], words: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}
