import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { environment, needsOwnNode } from "../machine/environment.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { versions } from "../machine/versions.mjs";
import { node } from "./node.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */

/**
 * The npm packages of the checkout, exactly as package-lock.json has them. They are installed again if that file or the
 * version of Node changes, or if an installation was interrupted: the stamp is removed first and written last.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const packages = {
  name: "npm packages",
  version: "",
  path: (machine) => dirname(toolPaths(machine).dependenciesStamp),
  found: (machine) =>
    readOrEmpty(toolPaths(machine).dependenciesStamp) === wanted(machine) ? "installed by npm ci" : undefined,
  async install({ machine, say, signal, ready }) {
    await ready(node);
    say("npm ci");
    const stamp = toolPaths(machine).dependenciesStamp;
    await rm(stamp, { force: true });
    // With NODE_ENV=production npm would leave out what only tests and checks need.
    const args = ["ci", "--include=dev", "--ignore-scripts", "--no-fund", "--no-audit"];
    await runChild("npm", args, { env: { ...machine.env, ...environment(machine) }, cwd: machine.checkout, signal });
    await writeFile(stamp, wanted(machine));
    return "installed by npm ci";
  },
};

/** @param {Machine} machine */
function wanted(machine) {
  const lock = readOrEmpty(join(machine.checkout, "package-lock.json"));
  const nodeVersion = needsOwnNode(machine) ? versions.node : machine.nodeVersion;
  return `${createHash("sha256").update(lock).digest("hex")} node ${nodeVersion}\n`;
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
