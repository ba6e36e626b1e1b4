import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/**
 * @typedef {"releases" | "organization" | "unclear" | "none"} StackKind What a command's stack holds. `unclear`: its file
 *   is missing, or is not written in the plain form that `configKind` reads. `none`: the command names no stack,
 *   or asks for help.
 */

/** The key that makes a stack an organization's. Pulumi puts the project's name before a key that has no namespace. */
const organizationKeys = ["lockstep:organization", "organization"];

/**
 * Finds out what the stack holds that a command line names, as the commands read it: from `--config-file FILE`, else from
 * `Pulumi.STACK.yaml`. The kind decides which plugins Pulumi asks for.
 *
 * @param {readonly string[]} args the command's own arguments
 * @param {string} folder the folder that the command runs in
 * @returns {StackKind}
 */
export function stackKind(args, folder) {
  const file = stackFile(args);
  if (file === undefined) {
    return "none";
  }
  if (args.some((arg) => arg.includes("lockstep:organization"))) {
    return "organization"; // Pulumi's own `--config lockstep:organization=acme`
  }
  try {
    return configKind(readFileSync(resolve(folder, file), "utf8"));
  } catch {
    return "unclear";
  }
}

/**
 * Finds out whether the stack that a command line names has a chart to release.
 *
 * @param {readonly string[]} args as stackKind()
 * @param {string} folder as stackKind()
 * @returns {boolean} false as well if the command names no stack, or the stack has no file
 */
export function stackHasChart(args, folder) {
  const file = stackFile(args);
  if (file === undefined) {
    return false;
  }
  if (args.some((arg) => arg.includes("lockstep:chart"))) {
    return true; // Pulumi's own `--config lockstep:charts=charts/*`
  }
  try {
    return configuresChart(readFileSync(resolve(folder, file), "utf8"));
  } catch {
    return false;
  }
}

/**
 * Finds the file of the stack that a command line names.
 *
 * @param {readonly string[]} args
 * @returns {string | undefined} undefined: it names none, or asks for help
 */
function stackFile(args) {
  const { values } = parseArgs({
    args: [...args],
    strict: false, // some options are Pulumi's
    options: {
      stack: { type: "string", short: "s" },
      "config-file": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { stack, "config-file": configFile } = values;
  if (typeof stack !== "string" || stack === "" || values.help) {
    return undefined;
  }
  return typeof configFile === "string" ? configFile : `Pulumi.${stack.split("/").at(-1)}.yaml`;
}

/**
 * Finds out what a stack's file configures. It runs before any YAML parser is installed, so it understands one form only:
 * `config:` at the start of a line, and its keys below it, one a line, all indented alike.
 *
 * @param {string} text
 * @returns {StackKind} `unclear` for any other form
 */
export function configKind(text) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const written = lines.filter((line) => !/^\s*(#.*)?$/.test(line));
  const start = written.findIndex((line) => /^config:\s*(#.*)?$/.test(line));
  if (start < 0) {
    return "unclear";
  }
  const end = written.findIndex((line, index) => index > start && !line.startsWith(" "));
  const block = written.slice(start + 1, end < 0 ? undefined : end);
  const indent = /^ */.exec(block[0] ?? "")?.[0] ?? "";
  // What is indented further belongs to a key above it; YAML lets the entries of a list stand below the key itself.
  const own = block.filter((line) => !line.startsWith(`${indent} `) && !/^ *-(\s|$)/.test(line));
  const keys = own.map((line) => /^ *(["']?)([\w.:-]+?)\1:(\s|$)/.exec(line)?.[2]);
  if (keys.length === 0 || keys.includes(undefined)) {
    return "unclear";
  }
  return keys.some((key) => key !== undefined && organizationKeys.includes(key)) ? "organization" : "releases";
}

/**
 * Whether a stack's file has a key `charts`, or `chart`, at any depth and in any form of YAML. Text of a value that is
 * written like such a key counts as well: helm is then installed without need.
 *
 * @param {string} text
 */
export function configuresChart(text) {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, ""));
  return lines.some((line) => /(^|[\s{,"'])(lockstep:)?charts?["']?\s*:(?![\w/])/.test(line));
}
