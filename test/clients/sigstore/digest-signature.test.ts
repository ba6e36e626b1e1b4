import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { HashAlgorithm } from "@sigstore/protobuf-specs";
import { describe, expect, it } from "vitest";
import { DigestSignature } from "../../../clients/sigstore/digest-signature.ts";

const bytes = Buffer.from("a file");
const sha256 = (of: Buffer): Buffer => createHash("sha256").update(of).digest();
/** Order of the group of P-256: SEC 2, 2.4.2. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function content(signature: Buffer, about = bytes, algorithm = HashAlgorithm.SHA2_256): DigestSignature {
  return new DigestSignature(
    { signature, messageDigest: { algorithm, digest: sha256(about) } },
    sha256(about).toString("hex"),
  );
}

/** The same signature with the other S: r and n - s. */
function flipped(signature: Buffer): Buffer {
  const length = signature[3] ?? 0;
  const [r, s] = [signature.subarray(4, 4 + length), signature.subarray(6 + length)];
  const hex = (order - BigInt(`0x${s.toString("hex")}`)).toString(16).padStart(64, "0");
  const bare = Buffer.from(hex, "hex");
  const other =
    (bare[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bare]) : bare.subarray(bare.findIndex((one) => one > 0));
  const padded = (other[0] ?? 0) > 127 && other[0] !== 0 ? Buffer.concat([Buffer.of(0), other]) : other;
  const inner = Buffer.concat([Buffer.of(2, r.length), r, Buffer.of(2, padded.length), padded]);
  return Buffer.concat([Buffer.of(0x30, inner.length), inner]);
}

describe("DigestSignature, when a signature is checked against a digest", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key: KeyObject = pair.publicKey;

  it("says what OpenSSL says of the bytes, for both halves of S", () => {
    for (let round = 0; round < 50; round += 1) {
      const signature = sign("sha256", bytes, pair.privateKey);
      const other = flipped(signature);
      expect([verify("sha256", bytes, key, signature), verify("sha256", bytes, key, other)]).toEqual([true, true]);
      expect([content(signature).verifySignature(key), content(other).verifySignature(key)]).toEqual([true, true]);
    }
  });
  it("refuses it for other bytes", () => {
    expect(content(sign("sha256", bytes, pair.privateKey), Buffer.from("a filE")).verifySignature(key)).toBe(false);
  });
  it("refuses it for another key", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(content(sign("sha256", bytes, pair.privateKey)).verifySignature(publicKey)).toBe(false);
  });
  it.each(["", "30", "3006020100020100", "00".repeat(64), "ff".repeat(80)])(
    "refuses what is no signature: %s",
    (hex) => {
      expect(content(Buffer.from(hex, "hex")).verifySignature(key)).toBe(false);
    },
  );
  it.each([
    ["secp384r1", generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey],
    ["secp256k1", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey],
    ["ed25519", generateKeyPairSync("ed25519").publicKey],
    ["rsa", generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey],
  ])("says that it cannot check a key of %s", (kind, other) => {
    expect(() => content(Buffer.of(1)).verifySignature(other)).toThrow(
      `uses a key that Lockstep cannot check: ${kind}`,
    );
  });
});

describe("DigestSignature, when a bundle says what it is about", () => {
  it("is refused where that is not the file", () => {
    const messageDigest = { algorithm: HashAlgorithm.SHA2_256, digest: sha256(Buffer.from("other")) };
    const about = sha256(bytes).toString("hex");
    expect(() => new DigestSignature({ signature: Buffer.of(1), messageDigest }, about)).toThrow(
      "is about other bytes",
    );
  });
  it("is refused where that is no sha256", () => {
    expect(() => content(Buffer.of(1), bytes, HashAlgorithm.SHA2_512)).toThrow("does not name the sha256");
  });
});
