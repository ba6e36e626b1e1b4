import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/**
 * What a path below the workspace is. A link that leads out of the workspace leads to nothing: what it names is not in the commit that is
 * released.
 */
export async function fileKind(workspace: string, path: string): Promise<"file" | "folder" | "missing"> {
  try {
    const [root, target] = await Promise.all([realpath(workspace), realpath(join(workspace, path))]);
    if (target !== root && !target.startsWith(root + sep)) return "missing";
    return (await stat(target)).isDirectory() ? "folder" : "file";
  } catch {
    return "missing";
  }
}
