/** The exact version of every tool. A change here installs the new version beside the old one at the next run. */
export const versions = {
  node: "24.21.0",
  pulumi: "3.259.0",
  dockerBuild: "0.0.22",
  registry: "3.1.2",
  buildkit: "0.31.1",
};

/** The lowest major version of Node that strips TypeScript types without a flag or a warning, and is still supported. */
export const lowestNodeMajor = 24;

/**
 * @typedef {object} GoRecipe How one tool is built from the Go module mirror.
 * @property {string} module Folder below `toolchain/go/` that holds go.mod and go.sum.
 * @property {string[]} packages Import paths of the main packages. The last part of each is the name of its file.
 * @property {string} stamps The `-X` linker flags that write the version into the binary. Without them Pulumi warns of the
 *   plugin's version on every run, and BuildKit's clients see v0.0.0+unknown.
 */

/** @type {{ pulumi: GoRecipe, dockerBuild: GoRecipe, registry: GoRecipe, buildkit: GoRecipe }} */
export const goRecipes = {
  pulumi: {
    module: "pulumi",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    stamps:
      `-X github.com/pulumi/pulumi/pkg/v3/version.Version=v${versions.pulumi} ` +
      `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${versions.pulumi}`,
  },
  dockerBuild: {
    module: "docker-build",
    packages: ["github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build"],
    stamps: `-X github.com/pulumi/pulumi-docker-build/provider.Version=${versions.dockerBuild}`,
  },
  registry: {
    module: "registry",
    packages: ["github.com/distribution/distribution/v3/cmd/registry"],
    stamps: `-X github.com/distribution/distribution/v3/version.version=v${versions.registry}`,
  },
  buildkit: {
    module: "buildkit",
    packages: ["github.com/moby/buildkit/cmd/buildkitd", "github.com/moby/buildkit/cmd/buildctl"],
    stamps: `-X github.com/moby/buildkit/version.Version=v${versions.buildkit}`,
  },
};
