import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import type { Dirent, Stats } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ChartMistake } from "../formats/chart/chart-mistake.ts";
import { sortByBytes } from "../formats/chart/helm/helm-json.ts";
import { oversizeReason, packageLimit, unloadableReason } from "../formats/chart/package/chart-file.ts";
import type { ChartFile } from "../formats/chart/package/chart-file.ts";
import type { IgnoreRules } from "../formats/chart/package/ignore-rules.ts";

/** What is found below a chart's folder. */
interface Walk {
  /** The chart's folder, without links. */
  root: string;
  rules: IgnoreRules;
  files: ChartFile[];
  mistakes: ChartMistake[];
  /** In bytes, of all files so far. */
  size: number;
}

/**
 * Reads the files of a chart's folder that .helmignore does not leave out. Links within the folder are followed, as helm does. helm also
 * follows those that lead out of it, and packages whatever is there: these are mistakes here.
 * @param folder the chart's folder
 * @returns files in the order of their bytes, folder by folder, and a mistake for each that cannot be packaged
 */
export async function walkChart(
  folder: string,
  rules: IgnoreRules,
): Promise<{ files: ChartFile[]; mistakes: ChartMistake[] }> {
  const walk: Walk = { root: await realpath(folder), rules, files: [], mistakes: [], size: 0 };
  await walkFolder(walk, "", [walk.root]);
  return { files: walk.files, mistakes: walk.mistakes };
}

/** @param trail the real paths of this folder and of those above it */
async function walkFolder(walk: Walk, at: string, trail: readonly string[]): Promise<void> {
  const entries = await readdir(join(walk.root, at), { withFileTypes: true });
  for (const [name, entry] of sortByBytes(entries.map((one) => [one.name, one] as const))) {
    const path = at === "" ? name : `${at}/${name}`;
    const found = await find(walk, path, entry);
    if ("reason" in found) {
      walk.mistakes.push({ path, ...found });
    } else if (!walk.rules.ignores(path, found.is.isDirectory())) {
      await visit(walk, path, found, trail);
    }
  }
}

/** Finds what an entry is and where it really is. helm refuses a broken link even if .helmignore leaves it out. */
async function find(
  { root }: Walk,
  path: string,
  entry: Dirent,
): Promise<{ target: string; is: Stats } | { reason: string; example: string }> {
  const place = join(root, path);
  if (path.includes("\ufffd")) {
    // Node puts this character in the place of bytes that are not UTF-8, and finds no file by such a name.
    return { reason: "has a name that is not UTF-8", example: "another name" };
  }
  if (!entry.isSymbolicLink()) {
    return { target: place, is: await lstat(place) };
  }
  try {
    const target = await realpath(place);
    return { target, is: await stat(target) };
  } catch {
    return { reason: "is a broken link", example: "a file, or no link" };
  }
}

async function visit(
  walk: Walk,
  path: string,
  { target, is }: { target: string; is: Stats },
  trail: readonly string[],
): Promise<void> {
  const refuse = (reason: string, example: string) => walk.mistakes.push({ path, reason, example });
  const place = relative(walk.root, target);
  if (place === ".." || place.startsWith(`..${sep}`)) {
    refuse("is a link that leads out of the chart's folder", "a copy of the file, or a line in .helmignore");
  } else if (place.split(sep).some((part) => part.toLowerCase() === ".git")) {
    refuse("is git's own, and may hold a token", "the line `.git` in .helmignore");
  } else if (is.isDirectory()) {
    if (trail.includes(target)) {
      refuse("is a link to a folder that it is in", "a line in .helmignore");
    } else {
      await walkFolder(walk, path, [...trail, target]);
    }
  } else if (is.isFile()) {
    await readOne(walk, path, target, is.size, refuse);
  } else {
    refuse("is neither a file nor a folder", "a line in .helmignore");
  }
}

async function readOne(
  walk: Walk,
  path: string,
  target: string,
  size: number,
  refuse: (reason: string, example: string) => void,
): Promise<void> {
  const isArchive = /^charts\/.*\.tgz$/.test(path);
  const reason = unloadableReason(path) ?? (isArchive ? undefined : oversizeReason(size));
  if (reason !== undefined) {
    refuse(reason, "another name, or a line in .helmignore");
    return;
  }
  const before = walk.size;
  walk.size += size;
  if (walk.size < packageLimit) {
    walk.files.push({ path, bytes: await readFile(target) });
  } else if (before < packageLimit) {
    refuse("makes the chart larger than 100 MiB, and helm loads no such chart", "a line in .helmignore");
  }
}
