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

/**
 * A resource plugin of Pulumi. Pulumi installs it itself if its download host answers, else it is built from source.
 *
 * @param {"dockerBuild" | "github"} key its name in `versions`, `goRecipes` and `toolPaths`
 * @param {string} name what Pulumi calls it
 * @returns {import("../machine/tool.mjs").Tool}
 */
export function pulumiPlugin(key, name) {
  const version = versions[key];
  /**
   * Pulumi leaves this file if the download of a plugin was interrupted.
   *
   * @param {import("../machine/machine.mjs").Machine} machine
   */
  const partialMark = (machine) => `${dirname(toolPaths(machine)[key])}.partial`;
  return {
    name: `${name} plugin`,
    version,
    path: (machine) => toolPaths(machine)[key],
    found: (machine) => (existsSync(partialMark(machine)) ? undefined : originOf(toolPaths(machine)[key])),
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
          const env = { ...machine.env, ...environment(machine) };
          const args = ["plugin", "install", "resource", name, version];
          await runChild(paths.pulumi, args, { env, signal, timeout: transferLimits.whole });
        },
        async build() {
          const origin = await buildWithGo(job, goRecipes[key], folder);
          await rm(partialMark(machine), { force: true });
          return origin;
        },
      });
    },
  };
}
