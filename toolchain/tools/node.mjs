import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { needsOwnNode } from "../machine/environment.mjs";
import { noteOrigin, originOf, placeFiles } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { versions } from "../machine/versions.mjs";

/**
 * Node itself, if the machine's own is too old to run TypeScript. It comes from npm: the package `node-PLATFORM-ARCH` has
 * the program and needs no install script. The package `node` needs one, and newer npm versions do not run those.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const node = {
  name: "node",
  version: versions.node,
  path: (machine) => (needsOwnNode(machine) ? toolPaths(machine).node : machine.nodePath),
  found: (machine) =>
    needsOwnNode(machine) ? originOf(toolPaths(machine).node) : `the machine's own, ${machine.nodeVersion}`,
  async install({ machine, say, signal }) {
    const name = `node-${machine.platform}-${machine.arch}`;
    say("installing from npm");
    await placeFiles(dirname(toolPaths(machine).node), async (partial) => {
      const args = ["install", "--prefix", partial, "--ignore-scripts", "--no-fund", "--no-audit", "--no-save"];
      try {
        await runChild("npm", [...args, `${name}@${versions.node}`], { env: machine.env, cwd: partial, signal });
      } catch (error) {
        if (!(error instanceof ToolError)) {
          throw error;
        }
        throw new ToolError(
          `${error.message}\nInstall Node ${versions.node} yourself (https://nodejs.org/en/download) and run this again.`,
        );
      }
      const bin = join(partial, "node_modules", name, "bin");
      await access(join(bin, "node"));
      return bin;
    });
    await noteOrigin(dirname(toolPaths(machine).node), `npm package ${name}`);
    return `npm package ${name}`;
  },
};
