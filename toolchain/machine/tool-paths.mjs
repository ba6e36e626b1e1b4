import { join } from "node:path";
import { cacheFolder, pulumiHome } from "./machine.mjs";
import { versions } from "./versions.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * The place of every tool. A tool is installed if its files are there: to use another build of one, put it in its place.
 *
 * @param {Machine} machine
 */
export function toolPaths(machine) {
  const cache = cacheFolder(machine);
  const pulumi = pulumiHome(machine);
  const buildkit = join(cache, "buildkit", versions.buildkit);
  return {
    /** Node 24 of the npm package `node-PLATFORM-ARCH`; not used if the machine's own Node is new enough. */
    node: join(cache, "node", versions.node, "bin", "node"),
    /** Where the npm package `pulumi` expects it (its lib/cache.js). Language hosts are beside it. */
    pulumi: join(pulumi, "versions", versions.pulumi, "bin", "pulumi"),
    /** Where the engine expects a resource plugin of a name and version. */
    dockerBuild: join(
      pulumi,
      "plugins",
      `resource-docker-build-v${versions.dockerBuild}`,
      "pulumi-resource-docker-build",
    ),
    github: join(pulumi, "plugins", `resource-github-v${versions.github}`, "pulumi-resource-github"),
    command: join(pulumi, "plugins", `resource-command-v${versions.command}`, "pulumi-resource-command"),
    registry: join(cache, "registry", versions.registry, "registry"),
    buildkitd: join(buildkit, "buildkitd"),
    buildctl: join(buildkit, "buildctl"),
    helm: join(cache, "helm", versions.helm, "helm"),
    cosign: join(cache, "cosign", versions.cosign, "cosign"),
    gh: join(cache, "gh", versions.gh, "gh"),
    fulcio: join(cache, "fulcio", versions.fulcio, "fulcio"),
    rekor: join(cache, "rekor-tiles", versions.rekor, "rekor-server"),
    timestampAuthority: join(cache, "timestamp-authority", versions.timestampAuthority, "timestamp-server"),
    /** For the conformance run alone: what packages charts there a second time. */
    olderNode: join(cache, "node", versions.olderNode, "bin", "node"),
    helmFiles: join(cache, "helm-files", versions.helmFiles, "helm-files"),
    /** The last answer to whether there is a Docker engine, valid for an hour. */
    dockerAnswer: join(cache, "docker-engine.json"),
    /** What the installed npm packages were installed from. */
    dependenciesStamp: join(machine.checkout, "node_modules", ".lockstep-installed"),
    locks: join(cache, "locks"),
  };
}
