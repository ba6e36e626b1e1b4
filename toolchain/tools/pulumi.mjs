import { dirname, join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { environment } from "../machine/environment.mjs";
import { buildWithGo } from "../sources/go-build.mjs";
import { downloadElseBuild, downloadLimit } from "../sources/official-download.mjs";
import { originOf, placeFiles } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";
import { packages } from "./packages.mjs";

/**
 * The Pulumi CLI, in the place where the npm package `pulumi` keeps it. That package downloads it with its language hosts;
 * it does so into a folder of ours first, because it takes a half-written file in the right place for the whole.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const pulumi = {
  name: "pulumi",
  version: versions.pulumi,
  path: (machine) => toolPaths(machine).pulumi,
  found: (machine) => originOf(toolPaths(machine).pulumi),
  install(job) {
    const { machine, signal } = job;
    const folder = dirname(toolPaths(machine).pulumi);
    const system = `${machine.platform}-${machine.arch}`;
    return downloadElseBuild(job, {
      url: `https://get.pulumi.com/releases/sdk/pulumi-v${versions.pulumi}-${system}.tar.gz`,
      folder,
      async download() {
        await job.ready(packages);
        await placeFiles(
          folder,
          async (partial) => {
            const env = {
              ...machine.env,
              ...environment(machine),
              PULUMI_HOME: partial,
              PULUMI_VERSION: versions.pulumi,
              // That package writes its install script to a guessable name in the temporary folder, and runs it.
              TMPDIR: partial,
            };
            const script = join(machine.checkout, "node_modules", "pulumi", "run.js");
            await runChild("node", [script, "version"], { env, signal, timeout: downloadLimit });
            return join(partial, "versions", versions.pulumi, "bin");
          },
          "pulumi",
        );
      },
      build: () => buildWithGo(job, goRecipes.pulumi, folder),
    });
  },
};
