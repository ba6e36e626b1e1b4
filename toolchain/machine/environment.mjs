import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheFolder, pulumiHome, thisMachine } from "./machine.mjs";
import { toolPaths } from "./tool-paths.mjs";
import { lowestNodeMajor } from "./versions.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * The environment every command of this project runs in: the tools first on PATH, the rest said once. It only says where
 * things belong; it neither installs nor looks whether they are there (`node toolchain/run.mjs` does).
 *
 * - `PATH`: Node 24, the Pulumi CLI with its language host, registry, buildkitd and buildctl, cosign, gh and Sigstore's
 *   servers (folders that are empty until a run for the tests fills them), then node_modules/.bin, then the PATH that was. The CLI itself comes before npm's wrapper of it, which passes no signal on.
 * - `PULUMI_HOME`: absolute, so that a command that changes HOME still finds the CLI and its plugins.
 * - `PULUMI_SKIP_UPDATE_CHECK`: the version is pinned, and where the network is closed the check costs seconds.
 * - `NODE_COMPILE_CACHE`: a run starts up to four processes of Node that load the same code; compiling it is a quarter of a short run.
 *   Node believes what lies there, so where the tools are compared (LOCKSTEP_TOOLS_SHA256) it is switched off, unless it is your own.
 *
 * @param {Machine} [machine] default: this one
 * @returns {{ PATH: string, PULUMI_HOME: string, PULUMI_SKIP_UPDATE_CHECK: string, NODE_COMPILE_CACHE?: string, NODE_DISABLE_COMPILE_CACHE?: string }} only what is added or changed; the
 *   caller merges it into its own
 */
export function environment(machine = thisMachine()) {
  const paths = toolPaths(machine);
  const old = (machine.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const ours = [
    ...nodeFolder(machine, old),
    dirname(paths.pulumi),
    dirname(paths.registry),
    dirname(paths.buildkitd),
    ...[paths.cosign, paths.gh, paths.fulcio, paths.rekor, paths.timestampAuthority].map((file) => dirname(file)),
    join(machine.checkout, "node_modules", ".bin"),
  ];
  const searchPath = [...ours, ...old.filter((folder) => !ours.includes(folder))].join(delimiter);
  const compiled = machine.env.NODE_COMPILE_CACHE;
  const compileCache =
    compiled === undefined && machine.env.LOCKSTEP_TOOLS_SHA256 !== undefined
      ? { NODE_DISABLE_COMPILE_CACHE: "1" }
      : { NODE_COMPILE_CACHE: compiled ?? join(cacheFolder(machine), "compiled") };
  return { PATH: searchPath, PULUMI_HOME: pulumiHome(machine), PULUMI_SKIP_UPDATE_CHECK: "true", ...compileCache };
}

/**
 * Whether the Node that runs this code is too old, so that one of our own is installed and put first.
 *
 * @param {Machine} machine
 */
export function needsOwnNode(machine) {
  return Number.parseInt(machine.nodeVersion, 10) < lowestNodeMajor;
}

/**
 * First executable file of that name on a machine's PATH.
 *
 * @param {Machine} machine
 * @param {string} name
 * @returns {string | undefined}
 */
export function findOnPath(machine, name) {
  return (machine.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * @param {Machine} machine
 * @param {string[]} path
 */
function nodeFolder(machine, path) {
  if (needsOwnNode(machine)) {
    return [dirname(toolPaths(machine).node)];
  }
  // A new enough Node that was called by its full path is not the one a `#!/usr/bin/env node` would find.
  const found = path.map((folder) => join(folder, "node")).find(isExecutable);
  const own = dirname(machine.nodePath);
  if (found === undefined || path[0] === own) {
    return [own];
  }
  return realpathSync(found) === realpathSync(machine.nodePath) ? [] : [own];
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
