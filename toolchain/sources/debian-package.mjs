import { runChild } from "../machine/child-process.mjs";
import { findOnPath } from "../machine/environment.mjs";

/** @typedef {import("../machine/tool.mjs").Job} Job */

/**
 * Whether Debian packages can be installed: apt-get is there, and the user is root.
 *
 * @param {import("../machine/machine.mjs").Machine} machine
 */
export function hasDebianPackages(machine) {
  return machine.root && findOnPath(machine, "apt-get") !== undefined;
}

/**
 * Installs a Debian package. It fetches the list of packages only if the first try fails: the list is then missing or old.
 *
 * @param {string} name
 * @param {Job} job
 * @returns {Promise<string>} where it came from
 */
export async function installDebianPackage(name, { machine, say, signal }) {
  const env = { ...machine.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", name];
  say("apt-get install");
  try {
    await runChild("apt-get", install, { env, signal });
  } catch {
    signal.throwIfAborted();
    say("apt-get update");
    await runChild("apt-get", ["update"], { env, signal });
    say("apt-get install");
    await runChild("apt-get", install, { env, signal });
  }
  return "Debian package";
}
