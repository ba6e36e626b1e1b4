import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hasDebianPackages, installDebianPackage } from "../sources/debian-package.mjs";
import { findOnPath } from "../machine/environment.mjs";
import { ToolError } from "../machine/tool-error.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */

/** Where Debian keeps the servers: one folder for each version, none of them on PATH. */
const debianVersions = "/usr/lib/postgresql";

/**
 * Finds a program of the server.
 *
 * @param {Machine} machine
 * @param {string} name `postgres`, `initdb`
 * @param {string} [versions] a folder with one folder for each version, which has `bin`. Default: Debian's
 * @returns {string | undefined} the one on PATH, else that of the newest version
 */
export function serverProgram(machine, name, versions = debianVersions) {
  const folders = foldersIn(versions).sort((one, other) => Number(other) - Number(one));
  const searchPath = folders.map((version) => join(versions, version, "bin")).join(delimiter);
  return findOnPath(machine, name) ?? findOnPath({ ...machine, env: { PATH: searchPath } }, name);
}

/**
 * Makes the tool, which finds its programs in a folder of versions as serverProgram() does.
 *
 * @param {string} versions
 * @returns {import("../machine/tool.mjs").Tool}
 */
export function postgresqlIn(versions) {
  return {
    name: "postgresql",
    version: "",
    path: (machine) => serverProgram(machine, "postgres", versions) ?? "postgres",
    found: (machine) =>
      ["postgres", "initdb"].every((name) => serverProgram(machine, name, versions)) ? "the system's" : undefined,
    async install(job) {
      if (hasDebianPackages(job.machine)) {
        return installDebianPackage("postgresql", job);
      }
      throw new ToolError(
        "postgresql: there is no server, and some tests keep the state of a stack in one.\n" +
          "Install your system's package (Debian, Ubuntu: sudo apt-get install postgresql; Fedora: sudo dnf install " +
          "postgresql-server; macOS: brew install postgresql).",
        { bearable: true },
      );
    },
  };
}

/** A database server for the tests of Pulumi's PostgreSQL backend: they start it themselves. Only `--for-tests` asks for it. */
export const postgresql = postgresqlIn(debianVersions);

/**
 * @param {string} folder
 * @returns {string[]} none if it is not there
 */
function foldersIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
