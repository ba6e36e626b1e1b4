import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { needsOwnNode } from "./machine/environment.mjs";
import { originName } from "./machine/placement.mjs";
import { ToolError } from "./machine/tool-error.mjs";
import { toolPaths } from "./machine/tool-paths.mjs";

/** @typedef {import("./machine/machine.mjs").Machine} Machine */

/** Name of the variable that lists which files may be run. */
export const sumsVariable = "LOCKSTEP_TOOLS_SHA256";

/**
 * @typedef {object} KnownFile One entry of the list.
 * @property {string} sha256 Hex, 64 digits, lower case.
 * @property {string | undefined} name The file's own name; undefined: a file of any name.
 */

/**
 * Reads the list of files that may be run.
 *
 * @param {string} text sha256 values, each alone or as `NAME=sha256`, with blanks, commas or line ends between them
 * @returns {KnownFile[]}
 * @throws {ToolError} an entry is not such a value, or the list is empty: a variable that was not filled in is more likely
 *   than a wish to run nothing
 */
export function readSums(text) {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  if (entries.length === 0) {
    throw new ToolError(
      `${sumsVariable} is empty: fill it in, or leave the variable out to run every tool that is there.`,
    );
  }
  return entries.map((entry) => {
    const [, name, sha256] = /^(?:(.+)=)?([0-9a-f]{64})$/i.exec(entry) ?? [];
    if (sha256 === undefined) {
      throw new ToolError(`${sumsVariable}: "${entry}" is neither a sha256 (64 hex digits) nor NAME=sha256.`);
    }
    return { name, sha256: sha256.toLowerCase() };
  });
}

/**
 * Compares the files of the tools with the list in LOCKSTEP_TOOLS_SHA256. Without that variable it accepts every file. It
 * compares each file in each tool's folder, not only the programs: those folders are on PATH, where a file of any name
 * is found, and Pulumi reads how to start a plugin from a file beside it.
 *
 * @param {Machine} machine
 * @param {readonly string[]} [folders] default: those of all tools
 * @throws {ToolError} every file that is not in the list, with its sha256
 */
export async function requireKnownFiles(machine, folders = toolFolders(machine)) {
  const text = machine.env[sumsVariable];
  if (text === undefined) {
    return;
  }
  const known = readSums(text);
  const files = await filesWithSums(folders);
  const unknown = files.filter(
    ({ file, sha256 }) =>
      !known.some((one) => one.sha256 === sha256 && (one.name ?? basename(file)) === basename(file)),
  );
  if (unknown.length === 0) {
    return;
  }
  throw new ToolError(
    [
      `${unknown.length === 1 ? "1 file of the tools is" : `${unknown.length} files of the tools are`} not in ${sumsVariable}, so nothing was run:`,
      ...unknown.map(({ file, sha256 }) => `  ${file}\n    sha256 ${sha256}`),
      "If you do not know how a file got there, remove it (`rm FILE`) and run this again: a tool that is missing is fetched or built.",
      "If it is right, for example a new version, add it to the list. On a machine that you trust, `node toolchain/run.mjs --sums` prints the whole list.",
    ].join("\n"),
  );
}

/**
 * Finds the folder of a tool's file, if its files are compared: npm packages and programs of the operating system are not.
 *
 * @param {Machine} machine
 * @param {string} file
 * @returns {string[]} one folder, or none
 */
export function comparedFolder(machine, file) {
  return toolFolders(machine).filter((folder) => folder === dirname(file));
}

/**
 * Makes the list for this machine, in the form of LOCKSTEP_TOOLS_SHA256: `NAME=sha256`, one on each line, sorted.
 *
 * @param {Machine} machine
 * @returns {Promise<string>}
 */
export async function sumsText(machine) {
  const files = await filesWithSums(toolFolders(machine));
  const lines = files.map(({ file, sha256 }) => {
    const name = basename(file);
    return /^[^\s,]+$/.test(name) ? `${name}=${sha256}` : sha256;
  });
  return [...new Set(lines)].sort().join("\n");
}

/**
 * Lists the folders that the toolchain puts programs into.
 *
 * @param {Machine} machine
 * @returns {string[]}
 */
function toolFolders(machine) {
  const paths = toolPaths(machine);
  const others = [
    paths.dockerAnswer,
    paths.dependenciesStamp,
    paths.locks,
    ...(needsOwnNode(machine) ? [] : [paths.node]),
  ];
  const placed = Object.values(paths).filter((file) => !others.includes(file));
  return [...new Set(placed.map((file) => dirname(file)))];
}

/**
 * @param {readonly string[]} folders
 * @returns {Promise<{ file: string, sha256: string }[]>}
 */
async function filesWithSums(folders) {
  const found = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => /** @type {string[]} */ ([]));
    for (const name of names.filter((one) => one !== originName).sort()) {
      const file = join(folder, name);
      // A folder is not run. A link counts as the file that it leads to.
      if (!(await stat(file).catch(() => undefined))?.isFile()) {
        continue;
      }
      const hash = createHash("sha256");
      await pipeline(createReadStream(file), hash);
      found.push({ file, sha256: hash.digest("hex") });
    }
  }
  return found;
}
