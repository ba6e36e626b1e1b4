import { shareManifest, shareManifestHead } from "../../clients/registry/registry.ts";
import type { Manifest } from "../../clients/registry/registry.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { readManifest } from "../../formats/artifact/manifest.ts";
import type { ManifestContent } from "../../formats/artifact/manifest.ts";
import { findChart, readPackageFiles } from "./chart.ts";
import type { PublishedChart } from "./chart.ts";

/** An artifact that is in the registry. */
export interface PublishedArtifact {
  digest: string;
  /** Annotations of the manifest: labels that others could have written. */
  annotations: Record<string, string>;
  /** Left out for whatever is not a chart. */
  chart?: PublishedChart;
  /** Manifests of an index by platform (`linux/amd64`); empty for a single manifest. */
  children: { platform: string; digest: string }[];
  /** Digests of the index that the registry no longer has; left out if all exist. */
  missing?: string[];
}

/**
 * Reads an artifact of a registry.
 * @param repository with its registry
 * @param reference a version tag, or a digest
 * @param packed digest of the package that a chart should have: the files of another one are read as well. Default: none is read
 * @returns undefined if there is none
 * @throws ReleaseError TAG_CONFLICT if it cannot be read as a manifest; ServerRefusal
 */
export async function readArtifact(
  repository: string,
  reference: string,
  packed?: string,
): Promise<PublishedArtifact | undefined> {
  const manifest = await shareManifest(repository, reference);
  if (manifest === undefined) {
    return undefined;
  }
  const separator = reference.includes(":") ? "@" : ":";
  const content = readContent(manifest, `${repository}${separator}${reference}`);
  const { annotations, manifests, layers } = content;
  const children = manifests.map(({ digest, platform }) => ({
    digest,
    platform: [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join("/"),
  }));
  const heads = await Promise.all(children.map(({ digest }) => shareManifestHead(repository, digest)));
  const missing = children.filter((_, at) => heads[at] === undefined).map(({ digest }) => digest);
  const chart = findChart(content);
  const [layer] = layers;
  const isOther = chart !== undefined && packed !== undefined && layers.length === 1 && layer?.digest !== packed;
  const files = isOther && layer ? { files: await readPackageFiles(repository, layer.digest) } : {};
  return {
    digest: manifest.digest,
    annotations,
    ...(chart === undefined ? {} : { chart: { ...chart, ...files } }),
    children,
    ...(missing.length > 0 ? { missing } : {}),
  };
}

function readContent({ bytes, digest }: Manifest, reference: string): ManifestContent {
  try {
    return readManifest(bytes);
  } catch (error) {
    throw new ReleaseError({
      code: "TAG_CONFLICT",
      step: `checking whether ${reference} exists`,
      reason: `${reference} already exists as ${digest}, but is not a readable manifest: ${(error as Error).message}`,
      meaning: "Something other than a release pushed it. A version tag never moves, so nothing was overwritten.",
      fix: "Find out who pushed it, and have the package's owner delete that version; or release the next version.",
      rerun: "yes, but it will fail here until the tag is removed",
    });
  }
}
