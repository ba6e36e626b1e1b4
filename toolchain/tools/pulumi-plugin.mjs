import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { environment } from "../machine/environment.mjs";
import { buildWithGo } from "../sources/go-build.mjs";
import { downloadElseBuild } from "../sources/official-download.mjs";
import { requireFile, transferLimits } from "../sources/transfer.mjs";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { pulumi } from "./pulumi.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */
/** @typedef {import("../machine/tool.mjs").Job} Job */

/**
 * @typedef {object} Substitute What is put in the place of a plugin that cannot be downloaded.
 * @property {(machine: Machine, folder: string) => boolean} isOutdated Whether the folder has one that must be made again.
 * @property {(job: Job, folder: string) => Promise<string>} make Puts it into the folder, and returns where it came from.
 */

/**
 * The same plugin, built from source.
 *
 * @param {"dockerBuild" | "github"} key its name in `goRecipes`
 * @returns {Substitute}
 */
export function builtWithGo(key) {
  return { isOutdated: () => false, make: (job, folder) => buildWithGo(job, goRecipes[key], folder) };
}

/**
 * A resource plugin of Pulumi. Pulumi installs it itself if its download host answers, else a substitute takes its place.
 *
 * @param {"dockerBuild" | "github" | "command"} key its name in `versions` and `toolPaths`
 * @param {string} name what Pulumi calls it
 * @param {Substitute} substitute
 * @returns {import("../machine/tool.mjs").Tool}
 */
export function pulumiPlugin(key, name, substitute) {
  const version = versions[key];
  /**
   * Pulumi leaves this file if the download of a plugin was interrupted.
   *
   * @param {Machine} machine
   */
  const partialMark = (machine) => `${dirname(toolPaths(machine)[key])}.partial`;
  return {
    name: `${name} plugin`,
    version,
    path: (machine) => toolPaths(machine)[key],
    found(machine) {
      const file = toolPaths(machine)[key];
      const undone = existsSync(partialMark(machine)) || substitute.isOutdated(machine, dirname(file));
      return undone ? undefined : originOf(file);
    },
    install(job) {
      const { machine, signal } = job;
      const paths = toolPaths(machine);
      const folder = dirname(paths[key]);
      const system = `${machine.platform}-${machine.arch === "x64" ? "amd64" : machine.arch}`;
      const url = `https://get.pulumi.com/releases/plugins/pulumi-resource-${name}-v${version}-${system}.tar.gz`;
      return downloadElseBuild(job, {
        folder,
        async download() {
          job.say(`asking ${new URL(url).host}`);
          await requireFile(job, url);
          await job.ready(pulumi);
          job.say("downloading");
          await rm(folder, { recursive: true, force: true }); // Pulumi leaves a plugin that is in its place as it is
          const env = { ...machine.env, ...environment(machine) };
          const args = ["plugin", "install", "resource", name, version];
          await runChild(paths.pulumi, args, { env, signal, timeout: transferLimits.whole });
        },
        async build() {
          const origin = await substitute.make(job, folder);
          await rm(partialMark(machine), { force: true });
          return origin;
        },
      });
    },
  };
}
