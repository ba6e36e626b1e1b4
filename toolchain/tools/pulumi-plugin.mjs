import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { environment } from "../machine/environment.mjs";
import { buildWithGo } from "../sources/go-build.mjs";
import { downloadElseBuild, downloadLimit } from "../sources/official-download.mjs";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { pulumi } from "./pulumi.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";

/**
 * A resource plugin of Pulumi. Pulumi installs it itself where its download host answers, else it is built.
 *
 * @param {"dockerBuild" | "github"} key its name in `versions`, `goRecipes` and `toolPaths`
 * @param {string} name what Pulumi calls it
 * @returns {import("../machine/tool.mjs").Tool}
 */
export function pulumiPlugin(key, name) {
  const version = versions[key];
  /**
   * While this file is there Pulumi takes the plugin for half-installed: its download was interrupted.
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
      return downloadElseBuild(job, {
        url: `https://get.pulumi.com/releases/plugins/pulumi-resource-${name}-v${version}-${system}.tar.gz`,
        folder,
        async download() {
          await job.ready(pulumi);
          const env = { ...machine.env, ...environment(machine) };
          const args = ["plugin", "install", "resource", name, version];
          await runChild(paths.pulumi, args, { env, signal, timeout: downloadLimit });
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
