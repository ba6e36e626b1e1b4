import type { ChartMetadata } from "./chart-yaml.ts";
import { dependencyValue } from "./dependency.ts";
import { writeHelmJson } from "./helm/helm-json.ts";

/**
 * Writes the config blob of a chart byte for byte as `helm push` does: Chart.yaml as JSON, without what is empty.
 * Source: helm 4.3.1, pkg/chart/v2/metadata.go and pkg/registry/client.go, Push.
 */
export function writeChartConfig(metadata: ChartMetadata): string {
  const { maintainers, annotations, dependencies = [] } = metadata;
  return writeHelmJson({
    name: metadata.name,
    home: metadata.home || undefined,
    sources: nonEmpty(metadata.sources),
    version: metadata.version,
    description: metadata.description || undefined,
    keywords: nonEmpty(metadata.keywords),
    maintainers: nonEmpty(
      maintainers.map(({ name, email, url }) => ({
        name: name || undefined,
        email: email || undefined,
        url: url || undefined,
      })),
    ),
    icon: metadata.icon || undefined,
    apiVersion: metadata.apiVersion,
    condition: metadata.condition || undefined,
    tags: metadata.tags || undefined,
    appVersion: metadata.appVersion || undefined,
    deprecated: metadata.deprecated || undefined,
    annotations: Object.keys(annotations).length > 0 ? new Map(Object.entries(annotations)) : undefined,
    kubeVersion: metadata.kubeVersion || undefined,
    dependencies: nonEmpty(dependencies.map(dependencyValue)),
    type: metadata.type || undefined,
  });
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
