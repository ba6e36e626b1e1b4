import { z } from "zod";
import { parseCheckedJson } from "../checked-json.ts";
import { chartMediaTypes } from "./chart-manifest.ts";

/** The kind of artifact that a manifest is of. */
export type ManifestKind = "image" | "chart";

/** The parts of a manifest that say what it is of. */
const Said = z.object({
  artifactType: z.string().optional(),
  config: z.object({ mediaType: z.string() }).optional(),
  manifests: z.array(z.unknown()).optional(),
});

/** Media types of an image's config. Source: OCI image-spec 1.1, "Image Manifest"; Docker's manifest v2.2. */
const imageConfigs = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/**
 * Says whether a manifest is an image's or a chart's. An index counts as an image: helm writes none.
 * @returns undefined for anything else: a signature, a build cache, bytes that are not a manifest
 */
export function manifestKind(bytes: Uint8Array): ManifestKind | undefined {
  let said: z.output<typeof Said>;
  try {
    said = parseCheckedJson(Said, bytes);
  } catch {
    return undefined;
  }
  const { artifactType, config, manifests } = said;
  if (config?.mediaType === chartMediaTypes.config) {
    return "chart";
  }
  if (artifactType !== undefined) {
    return undefined;
  }
  return manifests !== undefined || imageConfigs.includes(config?.mediaType ?? "") ? "image" : undefined;
}
