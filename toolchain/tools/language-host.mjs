import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { originOf, placeFiles } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { pulumi } from "./pulumi.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */

/** Program that the engine starts -> the script in this folder that does its work. */
const programs = {
  "pulumi-language-nodejs": "language-host.mjs",
  "pulumi-resource-pulumi-nodejs": "dynamic-provider.mjs",
};

/**
 * The two programs beside the CLI that run a Node program and dynamic resources. The official release has them. Beside a
 * CLI that was built from source they are copied from this folder, and copied again when they change here.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const languageHost = {
  name: "language host",
  version: pulumi.version,
  path: (machine) => join(folderOf(machine), "pulumi-language-nodejs"),
  found(machine) {
    const folder = folderOf(machine);
    if (originOf(...Object.keys(programs).map((name) => join(folder, name))) === undefined) {
      return undefined;
    }
    const copies = Object.values(programs).map((script) => [
      join(folder, `lockstep-${script}`),
      source(machine, script),
    ]);
    const texts = copies.map((pair) => pair.map(readOrEmpty));
    if (texts.every(([copy]) => copy === "")) {
      return "came with pulumi";
    }
    return texts.every(([copy, original]) => copy === original) ? "this checkout" : undefined;
  },
  async install({ machine, say, ready }) {
    await ready(pulumi);
    const found = languageHost.found(machine); // an official release has brought it
    if (found !== undefined) {
      return found;
    }
    say("copying");
    await placeFiles(folderOf(machine), async (partial) => {
      for (const [name, script] of Object.entries(programs)) {
        await copyFile(source(machine, script), join(partial, `lockstep-${script}`));
        await writeFile(join(partial, name), launcher(script));
      }
      return partial;
    });
    return "this checkout";
  },
};

/**
 * Makes the text of a program. `exec` leaves no shell between the engine and its child, which would outlive the engine and
 * keep the child.
 *
 * @param {string} script
 */
function launcher(script) {
  return `#!/bin/sh\nexec node "\${0%/*}/lockstep-${script}" "$@"\n`;
}

/** @param {Machine} machine */
function folderOf(machine) {
  return dirname(toolPaths(machine).pulumi);
}

/**
 * @param {Machine} machine
 * @param {string} script
 */
function source(machine, script) {
  return join(machine.checkout, "toolchain", script);
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
