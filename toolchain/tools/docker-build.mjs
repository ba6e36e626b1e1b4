import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { runChild } from "../child-process.mjs";
import { environment } from "../environment.mjs";
import { buildWithGo } from "../go-build.mjs";
import { downloadElseBuild, downloadLimit } from "../official-download.mjs";
import { originOf } from "../placement.mjs";
import { toolPaths } from "../tool-paths.mjs";
import { goRecipes, versions } from "../versions.mjs";
import { pulumi } from "./pulumi.mjs";

/** @typedef {import("../machine.mjs").Machine} Machine */

/**
 * The plugin that builds images. Pulumi installs it itself where its download host answers.
 *
 * @type {import("../tool.mjs").Tool}
 */
export const dockerBuild = {
  name: "docker-build plugin",
  version: versions.dockerBuild,
  path: (machine) => toolPaths(machine).dockerBuild,
  found: (machine) => (existsSync(partialMark(machine)) ? undefined : originOf(toolPaths(machine).dockerBuild)),
  install(job) {
    const { machine, signal } = job;
    const paths = toolPaths(machine);
    const folder = dirname(paths.dockerBuild);
    const system = `${machine.platform}-${machine.arch === "x64" ? "amd64" : machine.arch}`;
    return downloadElseBuild(job, {
      url: `https://get.pulumi.com/releases/plugins/pulumi-resource-docker-build-v${versions.dockerBuild}-${system}.tar.gz`,
      folder,
      async download() {
        await job.ready(pulumi);
        const env = { ...machine.env, ...environment(machine) };
        const args = ["plugin", "install", "resource", "docker-build", versions.dockerBuild];
        await runChild(paths.pulumi, args, { env, signal, timeout: downloadLimit });
      },
      async build() {
        const origin = await buildWithGo(job, goRecipes.dockerBuild, folder);
        await rm(partialMark(machine), { force: true });
        return origin;
      },
    });
  },
};

/**
 * While this file is there Pulumi takes the plugin for half-installed: its download was interrupted.
 *
 * @param {Machine} machine
 */
function partialMark(machine) {
  return `${dirname(toolPaths(machine).dockerBuild)}.partial`;
}
