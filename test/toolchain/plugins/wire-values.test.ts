import rpc from "@pulumi/pulumi/runtime/rpc.js";
import { describe, expect, it } from "vitest";
import * as wire from "../../../toolchain/plugins/wire-values.mjs";

const { hasSecret, revealed, secret, secretTexts } = wire;
const nested = { plain: "a", list: [secret("b"), { deep: secret({ key: "c\nd" }) }], none: null, number: secret(7) };

describe("the marks of values on the wire", () => {
  it("are those of @pulumi/pulumi", () => {
    expect([
      wire.signatureKey,
      wire.secretSignature,
      wire.assetSignature,
      wire.archiveSignature,
      wire.unknownValue,
    ]).toEqual([rpc.specialSigKey, rpc.specialSecretSig, rpc.specialAssetSig, rpc.specialArchiveSig, rpc.unknownValue]);
  });
});

describe("revealed", () => {
  it("takes the marks of secrets off at any depth", () => {
    expect(revealed(nested)).toEqual({ plain: "a", list: ["b", { deep: { key: "c\nd" } }], none: null, number: 7 });
  });
});

describe("secretTexts", () => {
  it("collects the texts that are secret, and their lines", () => {
    expect(secretTexts(nested)).toEqual(["b", "b", "c\nd", "c", "d"]);
  });
});

describe("hasSecret", () => {
  it.each([
    [nested, true],
    [secret(""), true],
    [{ a: [{ b: secret(1) }] }, true],
    [{ a: ["b", null, 1, { c: true }] }, false],
    [undefined, false],
  ])("of %j is %s", (value, expected) => {
    expect(hasSecret(value)).toBe(expected);
  });
});
