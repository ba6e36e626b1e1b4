import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What a set-up runs on. Everything that the toolchain knows about its surroundings is in here, so that a test can make up
 * a machine: an empty home, its own PATH, a closed network.
 *
 * @typedef {object} Machine
 * @property {NodeJS.ProcessEnv} env Environment of every process that set-up starts. HOME, PATH, XDG_CACHE_HOME and
 *   PULUMI_HOME decide where tools belong.
 * @property {string} platform As `process.platform`: `linux`, `darwin`.
 * @property {string} arch As `process.arch`: `x64`, `arm64`.
 * @property {string} nodeVersion Version of the Node that runs this code, without `v`.
 * @property {string} nodePath The executable of that Node.
 * @property {boolean} root Whether the user is root: only root may install a Debian package.
 * @property {string} checkout Folder of the checkout: it has package.json, package-lock.json and toolchain/.
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch Fetches downloads.
 */

/**
 * Describes the machine this process runs on.
 *
 * @returns {Machine}
 */
export function thisMachine() {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    nodePath: process.execPath,
    root: process.getuid?.() === 0,
    checkout: fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, ""),
    fetch,
  };
}

/**
 * The cache of the user, with one folder for each tool and version: `${XDG_CACHE_HOME:-~/.cache}/lockstep`.
 *
 * @param {Machine} machine
 */
export function cacheFolder(machine) {
  // An empty or relative XDG_CACHE_HOME counts as unset: https://specifications.freedesktop.org/basedir-spec/latest/
  const xdg = machine.env.XDG_CACHE_HOME;
  return join(xdg?.startsWith("/") ? xdg : join(homeFolder(machine), ".cache"), "lockstep");
}

/**
 * Pulumi's own folder: `${PULUMI_HOME:-~/.pulumi}`. It has the CLI, plugins and logins of all Pulumi projects.
 *
 * @param {Machine} machine
 */
export function pulumiHome(machine) {
  return resolve(machine.env.PULUMI_HOME || join(homeFolder(machine), ".pulumi"));
}

/** @param {Machine} machine */
function homeFolder(machine) {
  return machine.env.HOME || homedir();
}
