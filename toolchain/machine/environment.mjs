import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheFolder, pulumiHome, thisMachine } from "./machine.mjs";
import { toolPaths } from "./tool-paths.mjs";
import { lowestNodeMajor } from "./versions.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * Makes the environment that every command of this project runs in. It only says where things belong. It does not install
 * them, nor check that they are there: `node toolchain/run.mjs` does.
 *
 * - `PATH`: Node 24, the Pulumi CLI with its language host, registry, buildkitd and buildctl, helm (its folder is empty until a
 *   command needs it), cosign, gh and Sigstore's servers (theirs are empty until a run for the tests fills them), then
 *   node_modules/.bin, then the PATH that was set.
 *   The CLI comes before npm's wrapper of it, which passes no signals on.
 * - `PULUMI_HOME`: absolute, so that a command that changes HOME still finds the CLI and its plugins.
 * - `PULUMI_SKIP_UPDATE_CHECK`: the version is pinned, and in a closed network the check costs seconds.
 * - `NODE_COMPILE_CACHE`: a run starts up to four processes of Node that load the same code, and compiling it is a quarter of a short
 *   run. Node trusts what is in that folder. So it is switched off if the tools are compared (LOCKSTEP_TOOLS_SHA256),
 *   unless the folder is your own.
 *
 * @param {Machine} [machine] default: this one
 * @returns {{ PATH: string, PULUMI_HOME: string, PULUMI_SKIP_UPDATE_CHECK: string, NODE_COMPILE_CACHE?: string, NODE_DISABLE_COMPILE_CACHE?: string }} only what is added or changed: the
 *   caller merges it into its own
 */
export function environment(machine = thisMachine()) {
  const paths = toolPaths(machine);
  const old = (machine.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const added = [
    ...nodeFolder(machine, old),
    dirname(paths.pulumi),
    dirname(paths.registry),
    dirname(paths.buildkitd),
    ...[paths.helm, paths.cosign, paths.gh, paths.fulcio, paths.rekor, paths.timestampAuthority].map((file) =>
      dirname(file),
    ),
    join(machine.checkout, "node_modules", ".bin"),
  ];
  const searchPath = [...added, ...old.filter((folder) => !added.includes(folder))].join(delimiter);
  const compiled = machine.env.NODE_COMPILE_CACHE;
  const compileCache =
    compiled === undefined && machine.env.LOCKSTEP_TOOLS_SHA256 !== undefined
      ? { NODE_DISABLE_COMPILE_CACHE: "1" }
      : { NODE_COMPILE_CACHE: compiled ?? join(cacheFolder(machine), "compiled") };
  return { PATH: searchPath, PULUMI_HOME: pulumiHome(machine), PULUMI_SKIP_UPDATE_CHECK: "true", ...compileCache };
}

/**
 * Whether the Node that runs this code is too old, so that another one is installed and comes first on PATH.
 *
 * @param {Machine} machine
 */
export function needsOwnNode(machine) {
  return Number.parseInt(machine.nodeVersion, 10) < lowestNodeMajor;
}

/**
 * Finds the first executable file of that name on a machine's PATH.
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
  // A Node that was called by its full path may not be the one that `#!/usr/bin/env node` finds.
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
