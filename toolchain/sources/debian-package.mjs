import { runChild } from "../machine/child-process.mjs";
import { findOnPath } from "../machine/environment.mjs";

/** @typedef {import("../machine/tool.mjs").Job} Job */

/**
 * Whether Debian packages can be installed: apt-get is there, and this user may.
 *
 * @param {import("../machine/machine.mjs").Machine} machine
 */
export function hasDebianPackages(machine) {
  return machine.root && findOnPath(machine, "apt-get") !== undefined;
}

/**
 * Installs a Debian package; the list of packages is fetched only where the first try shows that it is missing or old.
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
