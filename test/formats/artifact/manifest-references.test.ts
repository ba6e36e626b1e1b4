import { describe, expect, it } from "vitest";
import { digestOfTag, readManifestReferences, findDigests } from "../../../formats/artifact/manifest-references.ts";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe("manifestReferences", () => {
  it("tells what an index lists", () => {
    const text = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digest("a") }, { digest: digest("b") }] });
    expect(readManifestReferences(text)).toEqual({
      mentions: [digest("a"), digest("b")],
      subject: undefined,
      blobs: [],
      size: text.length,
    });
  });

  it("tells what an image is made of", () => {
    const config = { digest: digest("c"), size: 10 };
    const layers = [
      { digest: digest("1"), size: 100 },
      { digest: digest("2"), size: 1000 },
    ];
    const { mentions, blobs } = readManifestReferences(JSON.stringify({ config, layers })) ?? {};
    expect([mentions, blobs]).toEqual([
      [digest("c"), digest("1"), digest("2")],
      [config, ...layers],
    ]);
  });

  it("tells what it is attached to", () => {
    expect(readManifestReferences(JSON.stringify({ subject: { digest: digest("a") } }))?.subject).toBe(digest("a"));
  });

  it.each([
    ["an annotation of the manifest", { annotations: { base: digest("a") } }],
    ["an annotation of an entry", { manifests: [{ annotations: { "vnd.docker.reference.digest": digest("a") } }] }],
    ["a text with more in it", { annotations: { note: `see app@${digest("a")}, please` } }],
    ["JSON within a text", { annotations: { note: JSON.stringify({ from: digest("a") }) } }],
    ["a key", { annotations: { [digest("a")]: "x" } }],
  ])("sees a digest in %s", (_, manifest) => {
    expect(readManifestReferences(JSON.stringify(manifest))?.mentions).toEqual([digest("a")]);
  });

  it("sees a digest whose characters are escaped", () => {
    const text = JSON.stringify({ subject: { digest: digest("a") } }).replace(":a", String.raw`\u003aa`);
    expect(readManifestReferences(text)?.mentions).toEqual([digest("a")]);
  });

  it.each(["", "no JSON", "[]", "null", '"text"', "1"])("does not know what %j refers to", (text) => {
    expect(readManifestReferences(text)).toBeUndefined();
  });

  it("does not know what a document of a million values refers to, or one that is too deep", () => {
    expect(readManifestReferences(JSON.stringify({ layers: Array(1_000_001).fill(0) }))).toBeUndefined();
    expect(readManifestReferences(`{"a":${"[".repeat(900_000)}${"]".repeat(900_000)}}`)).toBeUndefined();
  });

  it.each([
    ["layers that are no list", { layers: "x" }],
    ["a layer without a size", { layers: [{ digest: digest("a") }] }],
    ["a subject without a digest", { subject: {} }],
    ["parts that are null", { config: null, layers: [null], subject: null }],
  ])("reads one with %s", (_, manifest) => {
    const { blobs, subject } = readManifestReferences(JSON.stringify(manifest)) ?? {};
    expect([blobs, subject]).toEqual([[], undefined]);
  });
});

describe("mentionedDigests", () => {
  it("each digest is told once", () => {
    const long = `sha512:${"b".repeat(128)}`;
    expect(findDigests(`${digest("a")} ${long} ${digest("a")}`)).toEqual([digest("a"), long]);
  });

  it("what is too short is none", () => {
    expect(findDigests(`sha256:${"a".repeat(63)}`)).toEqual([]);
  });
});

describe("digestOfTag", () => {
  const hex = "a".repeat(64);

  it.each(["", ".sig", ".att", ".sbom"])("sha256-HEX%s stands for a digest", (ending) => {
    expect(digestOfTag(`sha256-${hex}${ending}`)).toBe(digest("a"));
  });

  it.each(["1.0.0", "latest", `sha256-${hex.slice(1)}`, `sha256-${hex}.zip`, `v-sha256-${hex}`, "sha256-abc"])(
    "%s is somebody's",
    (tag) => {
      expect(digestOfTag(tag)).toBeUndefined();
    },
  );
});
