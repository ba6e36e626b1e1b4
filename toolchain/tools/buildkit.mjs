import { dirname } from "node:path";
import { askDockerEngine, dockerInstead, knownDockerEngine } from "../machine/docker-engine.mjs";
import { installRelease } from "../sources/official-download.mjs";
import { originOf } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { versions } from "../machine/versions.mjs";

/**
 * buildkitd and buildctl, which build images if no Docker engine with buildx answers.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const buildkit = {
  name: "buildkit",
  version: versions.buildkit,
  path: (machine) => toolPaths(machine).buildkitd,
  found(machine) {
    const { buildkitd, buildctl } = toolPaths(machine);
    return originOf(buildkitd, buildctl) ?? (knownDockerEngine(machine) ? dockerInstead : undefined);
  },
  async install(job) {
    const { machine, say, signal } = job;
    say("asking for a Docker engine");
    if (knownDockerEngine(machine) ?? (await askDockerEngine(machine, signal))) {
      return dockerInstead;
    }
    if (machine.platform !== "linux") {
      throw new ToolError(
        `buildkit: there is no buildkitd for ${machine.platform}, and no Docker engine with buildx answers.\n` +
          `Start one (https://docs.docker.com/engine/install), remove ${toolPaths(machine).dockerAnswer} (it keeps the answer for an hour), and run this again.`,
        { bearable: true },
      );
    }
    return installRelease(job, "buildkit", dirname(toolPaths(machine).buildkitd));
  },
};
