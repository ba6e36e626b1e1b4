/** A Helm chart to install. */
export interface InstalledChart {
  /** With its registry, without a tag; its last part is the chart's name. */
  repository: string;
  /** The chart's version, with a `+` if it has one. */
  version: string;
  /** `sha256:…`. */
  digest: string;
}

/** The commands that install a chart, each complete in itself. */
export interface InstallCommands {
  /** By its version, for every helm that reads from registries. It is always an option: helm finds a version with `+` by no tag. */
  byVersion: string;
  /** By its digest, which names the same bytes for ever. Since helm 3.18; Source: helm/helm#12690. */
  byDigest: string;
}

/** Writes the commands that install a chart under its own name. */
export function installCommands({ repository, version, digest }: InstalledChart): InstallCommands {
  const install = `helm install ${releaseName(repository)} oci://${repository}`;
  return { byVersion: `${install} --version ${version}`, byDigest: `${install}@${digest}` };
}

/**
 * Writes the entry for a chart in the Chart.yaml of another one that uses it: a library chart cannot be installed by itself. A dependency
 * is found by its version; helm knows no digests there.
 */
export function dependencyEntry({ repository, version }: Omit<InstalledChart, "digest">): string[] {
  const end = repository.lastIndexOf("/");
  return [
    "dependencies:",
    `  - name: ${repository.slice(end + 1)}`,
    `    version: ${JSON.stringify(version)}`,
    `    repository: oci://${repository.slice(0, end)}`,
  ];
}

/**
 * A name that helm accepts for what is installed: a chart may have `_` in its name, and a longer one.
 * Source: helm 4.3.1, pkg/chart/v2/util/validate_name.go: parts of letters, digits and `-`, joined by dots, in all at most 53 characters.
 */
function releaseName(repository: string): string {
  const name = repository.slice(repository.lastIndexOf("/") + 1).replaceAll(/_+/g, "-");
  return name.slice(0, 53).replace(/[-.]+$/, "");
}
