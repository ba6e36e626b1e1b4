import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../formats/artifact/digest.ts";

describe("computeDigest", () => {
  it("is the sha256 of bytes, and of a text's UTF-8", () => {
    // Source: FIPS 180-4, example "abc".
    const abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect([computeDigest("abc"), computeDigest(Buffer.from("abc"))]).toEqual([abc, abc]);
    expect(computeDigest("é")).toBe(computeDigest(new Uint8Array([0xc3, 0xa9])));
  });
});
