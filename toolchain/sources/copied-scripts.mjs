import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { originOf, placeFiles } from "../machine/placement.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */

/** How the table of tools says that a tool is a copy of scripts of this project. */
export const thisCheckout = "this checkout";

/**
 * @typedef {object} Scripts Programs that are scripts of `toolchain/plugins`.
 * @property {Readonly<Record<string, string>>} programs Name of the program that the engine starts -> the script that does its
 *   work. The script is copied as `lockstep-SCRIPT`, the mark of a copy.
 * @property {readonly string[]} modules What the scripts import, copied under the same names.
 */

/**
 * Compares the programs in a folder with this checkout.
 *
 * @param {Machine} machine
 * @param {string} folder
 * @param {Scripts} scripts
 * @returns {"missing" | "outdated" | "current" | "foreign"} `foreign`: others made them
 */
export function compareScripts(machine, folder, scripts) {
  if (originOf(...Object.keys(scripts.programs).map((name) => join(folder, name))) === undefined) {
    return "missing";
  }
  const marked = Object.values(scripts.programs).some((script) => readOrEmpty(join(folder, copyName(script))) !== "");
  if (!marked) {
    return "foreign";
  }
  const same = copies(scripts).every(
    ([script, copy]) => readOrEmpty(join(folder, copy)) === readOrEmpty(sourceOf(machine, script)),
  );
  return same ? "current" : "outdated";
}

/**
 * Copies the scripts into a folder, and makes a program for each that is one.
 *
 * @param {Machine} machine
 * @param {string} folder
 * @param {Scripts} scripts
 * @returns {Promise<string>} where they came from
 */
export async function placeScripts(machine, folder, scripts) {
  await placeFiles(folder, async (partial) => {
    for (const [script, copy] of copies(scripts)) {
      await copyFile(sourceOf(machine, script), join(partial, copy));
    }
    for (const [name, script] of Object.entries(scripts.programs)) {
      await writeFile(join(partial, name), launcher(script));
    }
    return partial;
  });
  return thisCheckout;
}

/**
 * Lists the scripts, each with the name of its copy.
 *
 * @param {Scripts} scripts
 * @returns {[script: string, copy: string][]}
 */
function copies({ programs, modules }) {
  const started = Object.values(programs).map((script) => /** @type {[string, string]} */ ([script, copyName(script)]));
  return [...started, ...modules.map((name) => /** @type {[string, string]} */ ([name, name]))];
}

/** @param {string} script */
function copyName(script) {
  return `lockstep-${script}`;
}

/**
 * Makes the text of a program. `exec` leaves no shell between the engine and its child, which would outlive the engine and
 * keep the child.
 *
 * @param {string} script
 */
function launcher(script) {
  return `#!/bin/sh\nexec node "\${0%/*}/${copyName(script)}" "$@"\n`;
}

/**
 * @param {Machine} machine
 * @param {string} script
 */
function sourceOf(machine, script) {
  return join(machine.checkout, "toolchain", "plugins", script);
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
