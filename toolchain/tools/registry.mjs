import { dirname } from "node:path";
import { buildWithGo, requireGo } from "../go-build.mjs";
import { originOf } from "../placement.mjs";
import { toolPaths } from "../tool-paths.mjs";
import { goRecipes, versions } from "../versions.mjs";

/**
 * The OCI registry behind the sandbox's door. Its makers publish no program for it but an image, so it is always built.
 *
 * @type {import("../tool.mjs").Tool}
 */
export const registry = {
  name: "registry",
  version: versions.registry,
  path: (machine) => toolPaths(machine).registry,
  found: (machine) => originOf(toolPaths(machine).registry),
  check: (machine) => requireGo(machine, goRecipes.registry),
  install: (job) => buildWithGo(job, goRecipes.registry, dirname(toolPaths(job.machine).registry)),
};
