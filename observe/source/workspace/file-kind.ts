import { readFile, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";

/**
 * What a path below the workspace is. What leads out of the workspace leads to nothing, and so does what leads into git's own folder, by a
 * link or in letters of another case: neither is in the commit that is released, and `.git/config` may hold a token. A pipe, a socket and a
 * device are nothing as well: a pipe would never end.
 */
export async function fileKind(workspace: string, path: string): Promise<"file" | "folder" | "missing"> {
  try {
    const [root, target] = await Promise.all([realpath(workspace), realpath(join(workspace, path))]);
    if (!isWithin(root, target) || (await isGits(root, target))) {
      return "missing";
    }
    const found = await stat(target);
    if (found.isDirectory()) {
      return "folder";
    }
    return found.isFile() ? "file" : "missing";
  } catch {
    return "missing";
  }
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** git tracks no `.git` in any letter case, so nothing below one is in a commit; the `.git` of a worktree or submodule is a file. */
async function isGits(root: string, target: string): Promise<boolean> {
  const isNamedSo = relative(root, target)
    .split(sep)
    .some((part) => part.toLowerCase() === ".git");
  return isNamedSo || isWithin(await gitFolder(root), target);
}

/** Where the workspace's `.git` really is: it may be a link, or a file that names another folder. */
async function gitFolder(root: string): Promise<string> {
  const place = join(root, ".git");
  try {
    const [, named] = /^gitdir: (.*)/.exec(await readFile(place, "utf8")) ?? [];
    return await realpath(resolve(root, named ?? place));
  } catch {
    // A folder cannot be read as a file, and a workspace below the work tree has no `.git`.
    return realpath(place).catch(() => place);
  }
}
