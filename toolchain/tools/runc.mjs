import { hasDebianPackages, installDebianPackage } from "../sources/debian-package.mjs";
import { dockerInstead, knownDockerEngine } from "../machine/docker-engine.mjs";
import { findOnPath } from "../machine/environment.mjs";
import { ToolError } from "../machine/tool-error.mjs";
import { buildkit } from "./buildkit.mjs";

/**
 * What buildkitd runs containers with. It belongs to the operating system: Debian's package is installed if possible, else
 * the error says what to install.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const runc = {
  name: "runc",
  version: "",
  path: (machine) => findOnPath(machine, "runc") ?? "runc",
  found(machine) {
    if (findOnPath(machine, "runc") !== undefined) {
      return "on PATH";
    }
    if (machine.platform !== "linux") {
      return "not needed: buildkitd runs on Linux only";
    }
    return knownDockerEngine(machine) ? dockerInstead : undefined;
  },
  async install(job) {
    const { machine, ready } = job;
    await ready(buildkit);
    const found = runc.found(machine);
    if (found !== undefined) {
      return found;
    }
    if (hasDebianPackages(machine)) {
      return installDebianPackage("runc", job);
    }
    throw new ToolError(
      "runc: not on PATH, and buildkitd cannot build images without it.\n" +
        "Install your system's package (Debian, Ubuntu: sudo apt-get install runc; Fedora: sudo dnf install runc), or " +
        "start a Docker engine with buildx.",
      { bearable: true },
    );
  },
};
