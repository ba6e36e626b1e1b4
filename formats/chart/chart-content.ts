import { z } from "zod";
import { Digest } from "../artifact/manifest.ts";
import { parseCheckedJson } from "../checked-json.ts";
import { chartMediaTypes } from "./chart-manifest.ts";

/** A blob that a manifest names. */
const Blob = z.object({ mediaType: z.string(), digest: Digest });

/** The part of a chart's manifest that is read. Any tool may have written it. */
const Manifest = z.object({ config: Blob, layers: z.array(Blob).max(1000) });

/** The part of a chart's config that is read: by these, helm and its users know the chart. */
const Config = z.object({ name: z.string(), version: z.string() });

/** What the manifest of a chart names. */
export interface ChartContent {
  config: Digest;
  /** The digest of the package. */
  layer: Digest;
}

/**
 * Reads the manifest of a chart. helm itself accepts further layers in any order, and reads the first package; ours have one layer.
 * Source: helm 4.3.1, pkg/registry/client.go, Pull.
 * @throws Error that says why it is not a chart, or not one with a package and nothing else
 */
export function readChartContent(bytes: Uint8Array): ChartContent {
  const { config, layers } = parseCheckedJson(Manifest, bytes);
  if (config.mediaType !== chartMediaTypes.config) {
    throw new Error(`its config is ${config.mediaType}`);
  }
  const [layer] = layers;
  if (layers.length !== 1 || layer === undefined) {
    throw new Error(`it has ${layers.length} layers`);
  }
  if (layer.mediaType !== chartMediaTypes.layer) {
    throw new Error(`its layer is ${layer.mediaType}`);
  }
  return { config: config.digest, layer: layer.digest };
}

/**
 * Reads name and version from a chart's config.
 * @throws Error that says why they cannot be read
 */
export function readChartConfig(bytes: Uint8Array): { name: string; version: string } {
  return parseCheckedJson(Config, bytes);
}
