import { labelKeys } from "../artifact/labels.ts";
import type { Digest } from "../artifact/manifest.ts";
import { computeDigest } from "../artifact/digest.ts";
import { writeChartConfig } from "./chart-config.ts";
import type { ChartMetadata } from "./chart-yaml.ts";
import { writeHelmJson } from "./helm/helm-json.ts";
import { trimSpace } from "./helm/printable-text.ts";

/** Media types of a chart in a registry. Source: helm 4.3.1, pkg/registry/constants.go. */
export const chartMediaTypes = {
  config: "application/vnd.cncf.helm.config.v1+json",
  layer: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
} as const;

/** What the manifest of a chart has that is not in Chart.yaml. */
export interface ChartStamps {
  /** RFC 3339: the time of the commit. An annotation in Chart.yaml goes before it, as with helm. */
  created: string;
  /** Address of the repository, by which GHCR links the package. `sources` or an annotation in Chart.yaml go before it. Default: none. */
  source?: string | undefined;
  /** Full commit id; nothing in Chart.yaml goes before it. Default: none. */
  revision?: string | undefined;
}

/** A chart as it is pushed, beside its package. */
export interface ChartManifest {
  manifest: string;
  /** The digest of the manifest: the chart's own. */
  digest: Digest;
  config: string;
  configDigest: Digest;
}

/**
 * Writes the manifest of a chart byte for byte as `helm push` does, but for the annotations `source` and `revision`, which helm does not
 * have by itself. Source: helm 4.3.1, pkg/registry/client.go and chart.go.
 * @param layer digest and size in bytes of the package
 */
export function writeChartManifest(
  metadata: ChartMetadata,
  layer: { digest: Digest; size: number },
  stamps: ChartStamps,
): ChartManifest {
  const config = writeChartConfig(metadata);
  const configDigest = computeDigest(config);
  const blobs = [
    [chartMediaTypes.config, configDigest, Buffer.byteLength(config)],
    [chartMediaTypes.layer, layer.digest, layer.size],
  ] as const;
  const [configBlob, layerBlob] = blobs.map(
    ([mediaType, digest, size]) => `{"mediaType":"${mediaType}","digest":"${digest}","size":${size}}`,
  );
  const annotations = writeHelmJson(chartAnnotations(metadata, stamps));
  const manifest = `{"schemaVersion":2,"config":${configBlob},"layers":[${layerBlob}],"annotations":${annotations}}`;
  return { manifest, digest: computeDigest(manifest), config, configDigest };
}

/**
 * The address that a chart names as its source by itself, before what the stamps say.
 * @returns undefined if it names none
 */
export function findOwnSource({ sources: [first = ""], annotations }: ChartMetadata): string | undefined {
  const own = annotations[labelKeys.source] ?? first;
  return isBlank(own) ? undefined : own;
}

/** The annotations of a chart's manifest; a later entry goes before an earlier one. */
function chartAnnotations(metadata: ChartMetadata, { created, source, revision }: ChartStamps): Map<string, string> {
  const prefix = "org.opencontainers.image";
  const [firstSource = ""] = metadata.sources;
  const ofMetadata: (readonly [string, string])[] = [
    [`${prefix}.description`, metadata.description],
    [`${prefix}.url`, metadata.home],
    [`${prefix}.authors`, metadata.maintainers.map(nameAuthor).join(", ")],
    [labelKeys.created, created],
    [labelKeys.source, isBlank(firstSource) ? (source ?? "") : firstSource],
  ];
  const fixed: (readonly [string, string])[] = [
    [`${prefix}.title`, metadata.name],
    [labelKeys.version, metadata.version],
    [labelKeys.revision, revision ?? ""],
  ];
  return new Map([
    ...ofMetadata.filter(([, value]) => !isBlank(value)),
    ...Object.entries(metadata.annotations),
    ...fixed.filter(([, value]) => !isBlank(value)),
  ]);
}

function nameAuthor({ name, email }: ChartMetadata["maintainers"][number]): string {
  return email === "" ? name : `${name} (${email})`;
}

function isBlank(text: string): boolean {
  return trimSpace(text) === "";
}
