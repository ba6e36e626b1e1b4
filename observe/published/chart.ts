import { getBlob } from "../../clients/registry/registry.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Digest, ManifestContent } from "../../formats/artifact/manifest.ts";
import { chartMediaTypes } from "../../formats/chart/chart-manifest.ts";
import { unpackChart } from "../../formats/chart/package/chart-archive.ts";
import { packageLimit } from "../../formats/chart/package/chart-file.ts";
import { hashFiles } from "../../formats/chart/package/hashed-files.ts";

/** What the manifest of a published chart names. */
export interface PublishedChart {
  /** Digest of the config; undefined if there is none of a chart. */
  config: string | undefined;
  /** Digests of all layers, whatever they are. */
  layers: readonly string[];
  /** Whether it is attached to something, by `subject`. */
  attached: boolean;
  /** What is in its package, or why that cannot be read. Left out unless the package is another than the expected one. */
  files?: PackageFiles;
}

/** sha256 of each file of a package, hex, by its path; or why it cannot be read. */
export type PackageFiles = { read: Readonly<Record<string, string>> } | { unreadable: string };

/**
 * What a manifest names, if it is one of a chart.
 * @returns undefined if neither its config nor a layer has the media type of a chart's
 */
export function findChart({ config, layers, subject }: ManifestContent): PublishedChart | undefined {
  const isConfig = config?.mediaType === chartMediaTypes.config;
  if (!isConfig && !layers.some(({ mediaType }) => mediaType === chartMediaTypes.layer)) {
    return undefined;
  }
  return {
    config: isConfig ? config.digest : undefined,
    layers: layers.map(({ digest }) => digest),
    attached: subject !== undefined,
  };
}

/**
 * Fetches a published package and hashes its files, to say how it differs. That it cannot be read is a result: the difference itself is known.
 * @param repository with its registry, without a tag
 */
export async function readPackageFiles(repository: string, layer: Digest): Promise<PackageFiles> {
  try {
    const bytes = await getBlob(repository, layer, { most: packageLimit });
    if (bytes === undefined) {
      return { unreadable: "is not in the registry" };
    }
    const files = await unpackChart(bytes, packageLimit);
    return "unreadable" in files ? files : { read: hashFiles(files) };
  } catch (error) {
    if (error instanceof ServerRefusal) {
      return { unreadable: `cannot be fetched: ${error.words}` };
    }
    throw error;
  }
}
