import { needsOwnNode } from "../machine/environment.mjs";
import { originOf } from "../machine/placement.mjs";
import { toolPaths } from "../machine/tool-paths.mjs";
import { versions } from "../machine/versions.mjs";
import { installNode } from "../sources/node-package.mjs";

/**
 * Node itself, if the machine's own is too old to run TypeScript.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const node = {
  name: "node",
  version: versions.node,
  path: (machine) => (needsOwnNode(machine) ? toolPaths(machine).node : machine.nodePath),
  found: (machine) =>
    needsOwnNode(machine) ? originOf(toolPaths(machine).node) : `the machine's own, ${machine.nodeVersion}`,
  install: (job) => installNode(job, versions.node, toolPaths(job.machine).node),
};

/**
 * An older Node that also strips types, beside the first one and not on PATH. With it the conformance run shows that packages of
 * charts do not depend on the version of Node.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const olderNode = {
  name: "older node",
  version: versions.olderNode,
  path: (machine) => toolPaths(machine).olderNode,
  found: (machine) => originOf(toolPaths(machine).olderNode),
  install: (job) => installNode(job, versions.olderNode, toolPaths(job.machine).olderNode),
};
