import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { assetSignature, signatureKey } from "./wire-values.mjs";

/**
 * Finds files as `assetPaths` and `archivePaths` of a command choose them. Of the patterns that a path matches the last one
 * decides, and a pattern that begins with `!` leaves the path out.
 *
 * @param {string} folder
 * @param {readonly string[]} patterns matched with the path from the folder, as pathPattern()
 * @returns {Promise<Record<string, object>>} path from the folder -> the file as the engine wants it, with its sha256
 */
export async function findFiles(folder, patterns) {
  const rules = patterns.map((text) => ({
    leavesOut: text.startsWith("!"),
    pattern: pathPattern(text.replace(/^!/, "")),
  }));
  /** @type {Record<string, object>} */
  const found = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join("/");
    const last = rules.findLast(({ pattern }) => pattern.test(path));
    if (!entry.isDirectory() && last?.leavesOut === false) {
      const hash = createHash("sha256").update(await readFile(file));
      found[path] = { [signatureKey]: assetSignature, hash: hash.digest("hex"), path: file };
    }
  }
  return found;
}

/**
 * Translates a path pattern: `*` and `?` match anything but `/`, `**` matches anything; `[a-z]`, `[!a-z]` and `{one,other}`
 * choose; `\` takes the character behind it as it is.
 *
 * Source: https://github.com/gobwas/glob, which @pulumi/command names
 *
 * @param {string} text
 * @returns {RegExp} matches a whole path
 * @throws {Error} a bracket or a brace is not closed
 */
export function pathPattern(text) {
  let open = 0;
  const parts = text.match(/\*\*|\\.|\[!?[^\]]+\]|./gsu) ?? [];
  const expression = parts.map((part) => {
    switch (part) {
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      case "{":
        open += 1;
        return "(?:";
      case "}":
        open -= 1;
        return ")";
      case ",":
        return open > 0 ? "|" : ",";
      case "[":
        throw new Error(`the pattern ${JSON.stringify(text)} has a bracket that is not closed`);
    }
    if (part.startsWith("[")) {
      return part.replace("[!", "[^");
    }
    return (part.startsWith("\\") ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  if (open !== 0) {
    throw new Error(`the pattern ${JSON.stringify(text)} has a brace without its other half`);
  }
  return new RegExp(`^${expression.join("")}$`, "su");
}
