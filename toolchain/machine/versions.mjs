/** The exact version of every tool. After a change here the next run installs the new version beside the old one. */
export const versions = {
  node: "24.21.0",
  pulumi: "3.259.0",
  dockerBuild: "0.0.22",
  github: "6.15.0",
  command: "1.2.1",
  registry: "3.1.2",
  buildkit: "0.31.1",
  helm: "4.3.1",
  cosign: "3.1.3",
  gh: "2.96.0",
  fulcio: "1.8.8",
  rekor: "2.3.0",
  timestampAuthority: "2.1.3",
  olderNode: "22.23.3",
  helmFiles: "4.3.1",
};

/** The lowest major version of Node that strips TypeScript types without a flag or a warning, and is still supported. */
export const lowestNodeMajor = 24;

/**
 * @typedef {object} GoRecipe How one tool is built from the Go module mirror.
 * @property {string} module Folder below `toolchain/go/` that holds go.mod and go.sum.
 * @property {string[]} packages Import paths of the main packages. The last part of each is the name of its file.
 * @property {string} [program] Name of the file of the only main package, if that is not the last part of its path.
 * @property {{ module: string, version: string }} [source] The module that has the tool's code, if the main package is in this
 *   repository and the tool has another version.
 * @property {string} stamps The `-X` linker flags that write the version into the binary. Without them Pulumi warns about the
 *   plugin's version in every run, and BuildKit's clients see v0.0.0+unknown.
 */

/** The variable of the version that Sigstore's programs print. */
const sigstoreVersion = "sigs.k8s.io/release-utils/version.gitVersion";

/** @type {Record<Exclude<keyof typeof versions, "node" | "olderNode" | "command">, GoRecipe>} */
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
  github: {
    module: "github",
    packages: ["lockstep.dev/toolchain/github"],
    program: "pulumi-resource-github",
    // What @pulumi/github of that version bridges: https://github.com/pulumi/pulumi-github/pull/1255
    source: { module: "github.com/integrations/terraform-provider-github/v6", version: "6.13.0" },
    stamps: `-X main.version=${versions.github}`,
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
  helm: {
    module: "helm",
    packages: ["helm.sh/helm/v4/cmd/helm"],
    stamps: `-X helm.sh/helm/v4/internal/version.version=v${versions.helm}`,
  },
  cosign: {
    module: "cosign",
    packages: ["github.com/sigstore/cosign/v3/cmd/cosign"],
    stamps: `-X ${sigstoreVersion}=v${versions.cosign}`,
  },
  gh: {
    module: "gh",
    packages: ["github.com/cli/cli/v2/cmd/gh"],
    stamps: `-X github.com/cli/cli/v2/internal/build.Version=${versions.gh}`,
  },
  fulcio: {
    module: "fulcio",
    packages: ["github.com/sigstore/fulcio"],
    stamps: `-X ${sigstoreVersion}=v${versions.fulcio}`,
  },
  rekor: {
    module: "rekor-tiles",
    packages: ["github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix"],
    program: "rekor-server",
    stamps: `-X ${sigstoreVersion}=v${versions.rekor}`,
  },
  timestampAuthority: {
    module: "timestamp-authority",
    packages: ["github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server"],
    stamps: `-X ${sigstoreVersion}=v${versions.timestampAuthority}`,
  },
  helmFiles: {
    module: "helm-files",
    packages: ["lockstep.dev/toolchain/helm-files"],
    source: { module: "helm.sh/helm/v4", version: versions.helm },
    stamps: `-X main.version=v${versions.helmFiles}`,
  },
};
