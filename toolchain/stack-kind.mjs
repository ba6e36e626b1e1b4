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
    return "none";
  }
  if (args.some((arg) => arg.includes("lockstep:organization"))) {
    return "organization"; // Pulumi's own `--config lockstep:organization=acme`
  }
  const file = typeof configFile === "string" ? configFile : `Pulumi.${stack.split("/").at(-1)}.yaml`;
  try {
    return configKind(readFileSync(resolve(folder, file), "utf8"));
  } catch {
    return "unclear";
  }
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
