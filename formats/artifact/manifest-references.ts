import { parseBoundedJson } from "../bounded-json.ts";

/** What a manifest refers to: an index, an image, a chart, or something that is attached to one of them. */
export interface ManifestReferences {
  /**
   * Every digest anywhere in it, each once: manifests of an index, `subject`, config, layers, and digests in annotations
   * (there BuildKit names the platform of an attestation). This is more than the specification requires, so that none is missed.
   */
  mentions: readonly string[];
  /** The digest that it is attached to; undefined if there is none. */
  subject: string | undefined;
  /** Config and layers with their sizes in bytes; empty for an index. */
  blobs: readonly { digest: string; size: number }[];
  /** Its own size in bytes. */
  size: number;
}

interface Descriptor {
  digest?: unknown;
  size?: unknown;
}

const digests = /sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}/g;

/**
 * Reads the references of a manifest of any media type. Source: OCI image-spec 1.1, "Image Manifest" and "Image Index"; Docker's
 * manifest v2.2 has the same keys.
 * @returns undefined if it is not a JSON object, or is too large or nested too deeply: its references are then unknown
 */
export function readManifestReferences(text: string): ManifestReferences | undefined {
  let manifest: { config?: Descriptor; layers?: unknown; subject?: Descriptor } | undefined;
  let written: string;
  try {
    manifest = parseBoundedJson(Buffer.from(text)) as typeof manifest;
    // Serialized again, so that a digest with escaped characters is read the way every other parser reads it.
    written = JSON.stringify(manifest);
  } catch {
    return undefined;
  }
  if (manifest === null || typeof manifest !== "object" || Array.isArray(manifest)) {
    return undefined;
  }
  const { config, layers, subject } = manifest;
  const described = [config, ...(Array.isArray(layers) ? (layers as Descriptor[]) : [])];
  return {
    mentions: findDigests(written),
    subject: typeof subject?.digest === "string" ? subject.digest : undefined,
    blobs: described.flatMap((blob) =>
      typeof blob?.digest === "string" && typeof blob.size === "number"
        ? [{ digest: blob.digest, size: blob.size }]
        : [],
    ),
    size: Buffer.byteLength(text),
  };
}

/** Finds every digest in a text, each once: `sha256:` and 64 hex digits, or `sha512:` and 128. */
export function findDigests(text: string): string[] {
  return [...new Set(text.match(digests))];
}

/**
 * The digest that a tag stands for. In a registry without the referrers API, `sha256-HEX` lists the attachments of a digest; cosign
 * before version 3 adds `.sig`, `.att` or `.sbom`. Source: OCI distribution-spec 1.1, "Referrers Tag Schema"; github.com/sigstore/cosign
 * specs/SIGNATURE_SPEC.md.
 * @returns undefined for any other tag
 */
export function digestOfTag(tag: string): string | undefined {
  const [, algorithm, hex] = /^(sha256)-([0-9a-f]{64})(?:\.(?:sig|att|sbom))?$/.exec(tag) ?? [];
  return hex === undefined ? undefined : `${algorithm}:${hex}`;
}
