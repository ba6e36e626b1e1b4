import { getManifest, headManifest } from "../../clients/registry/registry.ts";
import type { Manifest } from "../../clients/registry/registry.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { readManifest } from "../../formats/artifact/manifest.ts";
import type { ManifestContent } from "../../formats/artifact/manifest.ts";
import { chartMediaTypes } from "../../formats/chart/chart-manifest.ts";

/** An artifact that is in the registry. */
export interface PublishedArtifact {
  digest: string;
  /** Annotations of the manifest: labels that others could have written. */
  annotations: Record<string, string>;
  /** sha256 of a chart's package, hex: the layer that the manifest names. Left out for whatever is not a chart. */
  chartPackage?: string;
  /** Manifests of an index by platform (`linux/amd64`); empty for a single manifest. */
  children: { platform: string; digest: string }[];
  /** Digests of the index that the registry no longer has; left out if all exist. */
  missing?: string[];
}

/**
 * Reads an artifact of a registry.
 * @param repository with its registry
 * @param reference a version tag, or a digest
 * @returns undefined if there is none
 * @throws ReleaseError TAG_CONFLICT if it cannot be read as a manifest; ServerRefusal
 */
export async function readArtifact(repository: string, reference: string): Promise<PublishedArtifact | undefined> {
  const manifest = await getManifest(repository, reference);
  if (manifest === undefined) {
    return undefined;
  }
  const separator = reference.includes(":") ? "@" : ":";
  const { annotations, manifests, layers } = readContent(manifest, `${repository}${separator}${reference}`);
  const children = manifests.map(({ digest, platform }) => ({
    digest,
    platform: [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join("/"),
  }));
  const heads = await Promise.all(children.map(({ digest }) => headManifest(repository, digest)));
  const missing = children.filter((_, at) => heads[at] === undefined).map(({ digest }) => digest);
  const [layer] = layers;
  const isChart = layers.length === 1 && layer?.mediaType === chartMediaTypes.layer;
  return {
    digest: manifest.digest,
    annotations,
    ...(isChart ? { chartPackage: layer.digest.slice("sha256:".length) } : {}),
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
