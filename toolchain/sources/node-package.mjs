import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { noteOrigin, placeFiles } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";

/**
 * Installs a version of Node from npm. The package `node-PLATFORM-ARCH` has the program and needs no install script. The package
 * `node` needs one, and newer npm versions do not run those.
 *
 * @param {import("../machine/tool.mjs").Job} job
 * @param {string} version
 * @param {string} file where the program belongs
 * @returns {Promise<string>} where it came from
 * @throws {ToolError} npm failed: its words, and where Node is to be had
 */
export async function installNode({ machine, say, signal }, version, file) {
  const name = `node-${machine.platform}-${machine.arch}`;
  say("installing from npm");
  await placeFiles(dirname(file), async (partial) => {
    const args = ["install", "--prefix", partial, "--ignore-scripts", "--no-fund", "--no-audit", "--no-save"];
    try {
      await runChild("npm", [...args, `${name}@${version}`], { env: machine.env, cwd: partial, signal });
    } catch (error) {
      if (!(error instanceof ToolError)) {
        throw error;
      }
      throw new ToolError(
        `${error.message}\nInstall Node ${version} yourself (https://nodejs.org/en/download) and run this again.`,
      );
    }
    const bin = join(partial, "node_modules", name, "bin");
    await access(join(bin, "node"));
    return bin;
  });
  await noteOrigin(dirname(file), `npm package ${name}`);
  return `npm package ${name}`;
}
