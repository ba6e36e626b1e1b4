import { describe, expect, it } from "vitest";
import { readHubManifest, writeHubManifest } from "../../../../formats/chart/hub/artifact-hub.ts";

const digest = `sha256:${"a".repeat(64)}` as const;
const empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const config = { mediaType: "application/vnd.cncf.artifacthub.config.v1+yaml", digest: empty, size: 0 };
const mediaType = "application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml";

const read = (value: unknown) => readHubManifest(Buffer.from(JSON.stringify(value)));

describe("writeHubManifest", () => {
  it("names an empty config and the file, with the media types that Artifact Hub asks for", () => {
    expect(JSON.parse(writeHubManifest({ digest, size: 56 }))).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config,
      layers: [
        { mediaType, digest, size: 56, annotations: { "org.opencontainers.image.title": "artifacthub-repo.yml" } },
      ],
    });
  });
});

describe("readHubManifest", () => {
  it("finds the file in what writeHubManifest wrote", () => {
    expect(readHubManifest(Buffer.from(writeHubManifest({ digest, size: 56 })))).toBe(digest);
  });

  it.each<[what: string, manifest: unknown, found: string | undefined]>([
    ["a push by oras, whose manifest has a time", { config, layers: [{ mediaType, digest }], annotations: {} }, digest],
    ["a manifest without the file", { config, layers: [] }, "none"],
    ["a file of another type", { config, layers: [{ mediaType: "text/yaml", digest }] }, "none"],
    ["an image", { config: { mediaType: "application/vnd.oci.image.config.v1+json" }, layers: [] }, undefined],
    ["a digest that is none", { config, layers: [{ mediaType, digest: "sha256:a" }] }, undefined],
    ["an index", { manifests: [] }, undefined],
    ["null", null, undefined],
  ])("reads %s", (_, manifest, found) => {
    expect(read(manifest)).toBe(found);
  });
});
