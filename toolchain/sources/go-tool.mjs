import { dirname } from "node:path";
import { buildWithGo, requireGo } from "./go-build.mjs";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { goRecipes, versions } from "../machine/versions.mjs";

/** @typedef {"registry" | "cosign" | "gh" | "fulcio" | "rekor" | "timestampAuthority"} GoToolKey */

/**
 * A tool of one program that is always built from source: present in the cache, else built. No official download is tried,
 * so that every machine has the same thing, and one that reaches only package mirrors has it too.
 *
 * @param {GoToolKey} key its name in `versions`, `goRecipes` and `toolPaths`
 * @param {string} name what the reader calls it
 * @returns {import("../machine/tool.mjs").Tool} its `check` fails, before anything is touched, where Go is missing or too old
 */
export function goTool(key, name) {
  return {
    name,
    version: versions[key],
    path: (machine) => toolPaths(machine)[key],
    found: (machine) => originOf(toolPaths(machine)[key]),
    check: (machine) => requireGo(machine, goRecipes[key]),
    install: (job) => buildWithGo(job, goRecipes[key], dirname(toolPaths(job.machine)[key])),
  };
}
