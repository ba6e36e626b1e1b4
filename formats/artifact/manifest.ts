import { z } from "zod";
import { parseCheckedJson } from "../checked-json.ts";

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`;

/** A digest from a server or a manifest. It becomes part of an address, so no other text is accepted. */
export const Digest = z.custom<Digest>((value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value), {
  error: "is not a sha256 digest",
});

const annotations = z.record(z.string(), z.string());

/** An entry of an index. */
const Child = z.object({
  digest: Digest,
  platform: z
    .object({ os: z.string().optional(), architecture: z.string().optional(), variant: z.string().optional() })
    .optional(),
});

/** A blob of a manifest. */
const Layer = z.object({ mediaType: z.string(), digest: Digest, size: z.int().nonnegative() });

/**
 * The part of a manifest of any media type that is read; the rest is ignored. An index of 200 manifests has room for a hundred
 * platforms and their attestations; each of them is looked up.
 */
const ManifestContent = z.object({
  annotations: annotations.default({}),
  manifests: z.array(Child).max(200).default([]),
  layers: z.array(Layer).max(1000).default([]),
  /** Undefined if it is missing, or does not describe a blob by its sha256. */
  config: Layer.optional().catch(undefined),
  /** What it is attached to, unread; undefined if it is not attached to anything. */
  subject: z.unknown().optional(),
});

/** The part of an index, an image or an attachment that is read; a list is empty if the manifest has none. */
export type ManifestContent = z.output<typeof ManifestContent>;

/**
 * Reads a manifest. Source: OCI image-spec 1.1, "Image Manifest" and "Image Index"; Docker's manifest v2.2 has the same keys.
 * @throws Error that names the unreadable part: "manifests.0.digest: is not a sha256 digest"
 */
export function readManifest(bytes: Uint8Array): ManifestContent {
  return parseCheckedJson(ManifestContent, bytes);
}
