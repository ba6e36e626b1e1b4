import { describe, expect, it } from "vitest";
import { manifestKind } from "../../../formats/chart/manifest-kind.ts";
import type { ManifestKind } from "../../../formats/chart/manifest-kind.ts";

const config = (mediaType: string) => ({ schemaVersion: 2, config: { mediaType }, layers: [] });
const image = "application/vnd.oci.image.config.v1+json";
const chart = "application/vnd.cncf.helm.config.v1+json";

describe("manifestKind", () => {
  it.each<[what: string, manifest: object, kind: ManifestKind | undefined]>([
    ["an OCI image", config(image), "image"],
    ["a Docker image", config("application/vnd.docker.container.image.v1+json"), "image"],
    ["an index", { schemaVersion: 2, manifests: [] }, "image"],
    ["a chart", config(chart), "chart"],
    ["a chart with an artifact type", { ...config(chart), artifactType: chart }, "chart"],
    ["a chart with a second layer", { ...config(chart), layers: [{}, {}] }, "chart"],
    ["an attachment with an image's config", { ...config(image), artifactType: "application/x" }, undefined],
    ["a build cache", config("application/vnd.buildkit.cacheconfig.v0"), undefined],
    ["Artifact Hub's metadata", config("application/vnd.cncf.artifacthub.config.v1+yaml"), undefined],
    ["an empty object", {}, undefined],
    ["a config that is a text", { config: chart }, undefined],
    ["a list of manifests that is an object", { manifests: {} }, undefined],
    ["a list", [], undefined],
  ])("knows what %s is", (_, manifest, kind) => {
    expect(manifestKind(Buffer.from(JSON.stringify(manifest)))).toBe(kind);
  });

  it("says nothing of bytes that are not JSON", () => {
    expect(manifestKind(Buffer.from("config"))).toBeUndefined();
  });
});
