import { timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { HashAlgorithm } from "@sigstore/protobuf-specs";
import type { MessageSignature } from "@sigstore/protobuf-specs";
import type { SignedEntity } from "@sigstore/verify";

/**
 * The signature of a file whose sha256 is known but whose bytes are not available, for @sigstore/verify. Its own MessageSignatureContent
 * requires the whole file as a Buffer, and node:crypto has no ECDSA over a digest: a file may have 2 GiB.
 * Source: @sigstore/verify 4.1, bundle/message.js.
 */
export class DigestSignature implements Content {
  /** An ECDSA signature in DER. */
  readonly signature: Buffer;
  readonly #digest: Buffer;

  /**
   * @param sha256 hex, 64 digits, of the file that should be signed
   * @throws Error if the bundle itself says that it is about something else
   */
  constructor({ signature, messageDigest }: MessageSignature, sha256: string) {
    this.signature = signature;
    this.#digest = Buffer.from(sha256, "hex");
    if (messageDigest?.algorithm !== HashAlgorithm.SHA2_256) {
      throw new Error("does not name the sha256 of a file");
    }
    if (!this.compareDigest(messageDigest.digest)) {
      throw new Error("is about other bytes");
    }
  }

  /** Whether the log's entry has this signature. */
  compareSignature(signature: Buffer): boolean {
    return equals(signature, this.signature);
  }

  /** Whether a digest is that of the file. */
  compareDigest(digest: Buffer): boolean {
    return equals(digest, this.#digest);
  }

  /** Whether the log's entry is about the file: the file itself is signed. */
  compareSignedDigest(digest: Buffer): boolean {
    return this.compareDigest(digest);
  }

  /**
   * Whether the key of the certificate signed the file.
   * @throws Error for any key other than ECDSA on P-256, the kind that Lockstep, cosign and Sigstore's other clients use
   */
  verifySignature(key: KeyObject): boolean {
    const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "no kind";
    if (kind !== "prime256v1") {
      throw new Error(`uses a key that Lockstep cannot check: ${kind}`);
    }
    const { x = "", y = "" } = key.export({ format: "jwk" });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
    try {
      // Both halves of S are valid in ECDSA; OpenSSL may return either.
      return p256.verify(this.signature, this.#digest, point, { prehash: false, lowS: false, format: "der" });
    } catch {
      return false;
    }
  }
}

type Content = SignedEntity["signature"];

function equals(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
