import { describe, expect, it } from "vitest";
import { readManifest } from "../../../formats/artifact/manifest.ts";

const digest = `sha256:${"a".repeat(64)}`;
const read = (manifest: unknown) =>
  readManifest(Buffer.from(typeof manifest === "string" ? manifest : JSON.stringify(manifest)));

describe("readManifest, when a manifest is read", () => {
  it("has annotations, manifests and layers", () => {
    const layer = { mediaType: "application/x", digest, size: 3 };
    const child = { digest, platform: { os: "linux", architecture: "arm", variant: "v7" } };
    expect(read({ annotations: { a: "b" }, manifests: [child], layers: [layer] })).toEqual({
      annotations: { a: "b" },
      manifests: [child],
      layers: [layer],
    });
  });

  it("has none of what is not there", () => {
    expect(read({ schemaVersion: 2 })).toEqual({ annotations: {}, manifests: [], layers: [] });
  });

  it("does not mind what it does not know", () => {
    const more = { new: null, config: 1, subject: "x", manifests: [{ digest, size: "large", urls: 7 }] };
    expect(read(more).manifests).toEqual([{ digest }]);
  });
});

describe("readManifest, when something else is read", () => {
  it.each([
    ["text", "no JSON", "is not JSON"],
    ["nothing", "", "is not JSON"],
    ["null", null, "Invalid input: expected object, received null"],
    ["a list", [], "Invalid input: expected object, received array"],
    ["manifests that are null", { manifests: null }, "manifests: Invalid input: expected array, received null"],
    ["layers that are null", { layers: null }, "layers: Invalid input: expected array, received null"],
    ["a layer that is null", { layers: [null] }, "layers.0: Invalid input: expected object, received null"],
    ["annotations that are a list", { annotations: [] }, /^annotations: Invalid input: expected record/],
    ["an annotation that is not text", { annotations: { a: 1 } }, /^annotations\.a: Invalid input: expected string/],
    ["a way to another place", { manifests: [{ digest: "../../x" }] }, "manifests.0.digest: is not a sha256 digest"],
    [
      "a digest in capitals",
      { manifests: [{ digest: digest.toUpperCase() }] },
      "manifests.0.digest: is not a sha256 digest",
    ],
    ["a digest and a line", { manifests: [{ digest: `${digest}\n` }] }, "manifests.0.digest: is not a sha256 digest"],
    ["a size below zero", { layers: [{ mediaType: "x", digest, size: -1 }] }, /^layers\.0\.size: /],
    ["201 manifests", { manifests: Array.from({ length: 201 }, () => ({ digest })) }, /^manifests: Too big/],
    ["a million values", `[${"[],".repeat(600_000)}0]`, "the document has more than a million values"],
    ["a deep hole", "[".repeat(900_000) + "]".repeat(900_000), "Invalid input: expected object, received array"],
  ])("says what is wrong with %s", (_, manifest, words) => {
    expect(() => read(manifest)).toThrow(
      words instanceof RegExp ? words : new RegExp(`^${words.replaceAll(".", "\\.")}$`),
    );
  });

  it("quotes nothing of it", () => {
    expect(() => read("secret")).toThrow(/^is not JSON$/);
  });
});
