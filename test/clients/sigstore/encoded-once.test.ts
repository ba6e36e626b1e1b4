import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { X509Certificate } from "@sigstore/core";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial } from "@sigstore/verify";
import { expect, it } from "vitest";
import { encodeAuthoritiesOnce, encodeOnce } from "../../../clients/sigstore/encoded-once.ts";
import { signingSandbox } from "./signing-sandbox.ts";

const signing = signingSandbox();

async function material() {
  const { trustedRoot } = signing.sandbox.sigstore;
  return toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(await readFile(trustedRoot, "utf8"))));
}

it("encodes every authority's certificate as before, and once", async () => {
  const trusted = await material();
  const chains = [...trusted.certificateAuthorities, ...trusted.timestampAuthorities].map(({ certChain }) => certChain);
  const before = chains.flat().map((certificate) => certificate.root.toDER());
  encodeAuthoritiesOnce(trusted);
  const after = chains.flat();
  expect(after.map((certificate) => certificate.root.toDER())).toEqual(before);
  expect(after.every((one) => one.root.toDER() === one.root.toDER())).toBe(true);
  expect(after.length).toBeGreaterThan(1);
});

it("still tells certificates apart, and verifies their signatures", async () => {
  const [{ certChain = [] } = {}] = (await material()).certificateAuthorities;
  const [first, last] = [certChain[0], certChain.at(-1)];
  if (first === undefined || last === undefined) {
    throw new Error("the sandbox's authority has no chain");
  }
  const copy = X509Certificate.parse(Buffer.from(last.root.toDER()));
  for (const one of [first, last, copy]) {
    encodeOnce(one);
  }
  expect([first.equals(last), last.equals(copy), first.verify(last), last.verify()]).toEqual([
    first === last,
    true,
    true,
    true,
  ]);
  expect(first.verify(withOtherKey(last))).toBe(false);
});

/** A certificate with another public key: only `publicKey` is asked of an issuer. */
function withOtherKey(certificate: X509Certificate): X509Certificate {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = Object.create(certificate) as X509Certificate;
  Object.defineProperty(other, "publicKey", { value: publicKey.export({ type: "spki", format: "pem" }) });
  return other;
}
