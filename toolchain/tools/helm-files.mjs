import { dirname } from "node:path";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";
import { buildWithGo, requireGo } from "../sources/go-build.mjs";

/**
 * Says which files of a chart's folder helm loads: helm's own loader, in a program that answers many questions. It is part of this
 * repository, so there is nothing to download.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const helmFiles = {
  name: "helm-files",
  version: versions.helmFiles,
  path: (machine) => toolPaths(machine).helmFiles,
  found: (machine) => originOf(toolPaths(machine).helmFiles),
  check: (machine) => requireGo(machine, goRecipes.helmFiles),
  install: (job) => buildWithGo(job, goRecipes.helmFiles, dirname(toolPaths(job.machine).helmFiles)),
};
