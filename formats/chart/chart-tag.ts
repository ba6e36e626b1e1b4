/**
 * The tag of a chart's version. A tag may have no `+`, so helm writes `_` and turns it back: `1.2.3+build.5` is under `1.2.3_build.5`, and
 * only `--version 1.2.3+build.5` finds it. Source: helm 4.3.1, pkg/registry/reference.go; helm/helm#10166.
 */
export function chartTag(version: string): string {
  return version.replaceAll("+", "_");
}

/** The version under a tag of a chart's repository. Source: helm 4.3.1, pkg/registry/client.go, Tags. */
export function versionOfTag(tag: string): string {
  return tag.replaceAll("_", "+");
}
