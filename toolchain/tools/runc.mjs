import { runChild } from "../child-process.mjs";
import { dockerInstead, knownDockerEngine } from "../docker-engine.mjs";
import { findOnPath } from "../environment.mjs";
import { ToolError } from "../tool-error.mjs";
import { buildkit } from "./buildkit.mjs";

/**
 * What buildkitd runs containers with. It belongs to the operating system: Debian's package is installed where that can
 * be done, else the reader is told to.
 *
 * @type {import("../tool.mjs").Tool}
 */
export const runc = {
  name: "runc",
  version: "",
  path: (machine) => findOnPath(machine, "runc") ?? "runc",
  found(machine) {
    if (findOnPath(machine, "runc") !== undefined) return "on PATH";
    if (machine.platform !== "linux") return "not needed: buildkitd runs on Linux only";
    return knownDockerEngine(machine) ? dockerInstead : undefined;
  },
  async install({ machine, say, signal, ready }) {
    await ready(buildkit);
    const found = runc.found(machine);
    if (found !== undefined) return found;
    if (!machine.root || findOnPath(machine, "apt-get") === undefined) {
      throw new ToolError(
        "runc: not on PATH, and buildkitd cannot build images without it.\n" +
          "Install your system's package (Debian, Ubuntu: sudo apt-get install runc; Fedora: sudo dnf install runc), or " +
          "start a Docker engine with buildx.",
        { bearable: true },
      );
    }
    say("apt-get install");
    const env = { ...machine.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "runc"];
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
  },
};
