import { dirname } from "node:path";
import { requireGo } from "./go-build.mjs";
import { installRelease } from "./official-download.mjs";
import { officialRelease } from "./official-release.mjs";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";

/**
 * A tool of one program: its official release, else built from source.
 *
 * @param {Exclude<import("./official-release.mjs").ReleasedKey, "buildkit">} key its name in `versions`, `goRecipes` and `toolPaths`
 * @param {string} name what the reader calls it
 * @returns {import("../machine/tool.mjs").Tool} its `check` fails, before anything is touched, if there is no release for
 *   this system and Go is missing or too old
 */
export function releasedTool(key, name) {
  return {
    name,
    version: versions[key],
    path: (machine) => toolPaths(machine)[key],
    found: (machine) => originOf(toolPaths(machine)[key]),
    async check(machine) {
      if (officialRelease(key, machine) === undefined) {
        await requireGo(machine, goRecipes[key]);
      }
    },
    install: (job) => installRelease(job, key, dirname(toolPaths(job.machine)[key])),
  };
}
