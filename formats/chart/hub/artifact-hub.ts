import { z } from "zod";
import { computeDigest } from "../../artifact/digest.ts";
import { Digest } from "../../artifact/manifest.ts";
import { parseCheckedJson } from "../../checked-json.ts";

/** The tag under which Artifact Hub looks for what a repository says of itself. Source: artifacthub.io/docs, "Helm charts", OCI support. */
export const hubTag = "artifacthub.io";

/** Media types of Artifact Hub's metadata in a registry. Source: as hubTag. */
export const hubMediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.cncf.artifacthub.config.v1+yaml",
  layer: "application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml",
} as const;

/** The part of a manifest that says whether it is Artifact Hub's. */
const HubManifest = z.object({
  config: z.object({ mediaType: z.literal(hubMediaTypes.config) }),
  layers: z.array(z.object({ mediaType: z.string(), digest: Digest })),
});

/**
 * Writes the manifest of a metadata file, as `oras push --config /dev/null:…` makes it but for its time: the same file makes the same bytes.
 * The config is a blob without bytes.
 * @param layer digest and size in bytes of the file
 */
export function writeHubManifest(layer: { digest: Digest; size: number }): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: hubMediaTypes.manifest,
    config: { mediaType: hubMediaTypes.config, digest: computeDigest(""), size: 0 },
    layers: [
      {
        mediaType: hubMediaTypes.layer,
        ...layer,
        annotations: { "org.opencontainers.image.title": "artifacthub-repo.yml" },
      },
    ],
  });
}

/**
 * Finds the metadata file in a manifest, whoever wrote it.
 * @returns the digest of the file, "none" for a manifest of Artifact Hub's without one, undefined for anything else
 */
export function readHubManifest(bytes: Uint8Array): Digest | "none" | undefined {
  try {
    const { layers } = parseCheckedJson(HubManifest, bytes);
    return layers.find(({ mediaType }) => mediaType === hubMediaTypes.layer)?.digest ?? "none";
  } catch {
    return undefined;
  }
}
