import { dirname } from "node:path";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { versions } from "../machine/versions.mjs";
import { installRelease } from "../sources/official-download.mjs";

/**
 * The Pulumi CLI, in the place where the npm package `pulumi` keeps it. Its official release brings the language hosts
 * along. The CLI is put there last: its presence counts as proof of the others.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const pulumi = {
  name: "pulumi",
  version: versions.pulumi,
  path: (machine) => toolPaths(machine).pulumi,
  found: (machine) => originOf(toolPaths(machine).pulumi),
  install: (job) => installRelease(job, "pulumi", dirname(toolPaths(job.machine).pulumi), { last: "pulumi" }),
};
