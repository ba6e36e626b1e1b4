import { z } from "zod";
import { checkedJson } from "../checked-json.ts";

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`;

/** A digest that a server or a manifest names. It becomes part of an address, so nothing else may stand in its place. */
export const Digest = z.custom<Digest>((value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value), {
  error: "is no sha256 digest",
});

const annotations = z.record(z.string(), z.string());

/** What an index lists. */
const Child = z.object({
  digest: Digest,
  platform: z
    .object({ os: z.string().optional(), architecture: z.string().optional(), variant: z.string().optional() })
    .optional(),
});

/** A blob that a manifest is made of. */
const Layer = z.object({ mediaType: z.string(), digest: Digest, size: z.int().nonnegative() });

/**
 * What is read of a manifest, whatever its media type; everything else in it is passed over. An index of 200 manifests has the platforms of
 * a hundred images and their attestations; each of them is looked up.
 */
const ManifestContent = z.object({
  annotations: annotations.default({}),
  manifests: z.array(Child).max(200).default([]),
  layers: z.array(Layer).max(1000).default([]),
});

/** An index, an image, or what is attached to one, as far as it is read; a list is empty if the manifest has none. */
export type ManifestContent = z.output<typeof ManifestContent>;

/**
 * Reads a manifest. Source: OCI image-spec 1.1, "Image Manifest" and "Image Index"; Docker's manifest v2.2 has the same keys.
 * @throws Error that says what cannot be read: "manifests.0.digest: is no sha256 digest"
 */
export function readManifest(bytes: Uint8Array): ManifestContent {
  return checkedJson(ManifestContent, bytes);
}
