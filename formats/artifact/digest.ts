import { createHash } from "node:crypto";
import type { Digest } from "./manifest.ts";

/** Computes the digest of bytes. */
export function computeDigest(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
