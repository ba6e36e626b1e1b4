import { describe, expect, it } from "vitest";
import { readChartConfig, readChartContent } from "../../../formats/chart/chart-content.ts";

const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const config = { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: a };
const layer = { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", digest: b };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("readChartContent", () => {
  it("reads what helm and Lockstep push", () => {
    expect(readChartContent(bytes({ config, layers: [layer], annotations: {} }))).toEqual({ config: a, layer: b });
  });

  it.each([
    ["an image", { config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: a }, layers: [layer] }],
    [
      "a second layer",
      { config, layers: [layer, { ...layer, mediaType: "application/vnd.cncf.helm.chart.provenance" }] },
    ],
    ["no layer", { config, layers: [] }],
    ["a layer of another type", { config, layers: [{ ...layer, mediaType: "application/gzip" }] }],
    ["an index", { manifests: [] }],
    ["a digest that is none", { config, layers: [{ ...layer, digest: "sha256:b" }] }],
    ["null", null],
  ])("refuses %s", (_, manifest) => {
    expect(() => readChartContent(bytes(manifest))).toThrow(
      /^(?:its config is|its layer is|it has|\w+(?:\.\w+)*:|Inv)/,
    );
  });
});

describe("readChartConfig", () => {
  it("reads name and version, and nothing else", () => {
    expect(readChartConfig(bytes({ name: "app", version: "1.2.3", home: "x" }))).toEqual({
      name: "app",
      version: "1.2.3",
    });
  });

  it.each([{ name: "app" }, { name: 1, version: "1.2.3" }, [], null])("refuses %j", (value) => {
    expect(() => readChartConfig(bytes(value))).toThrow();
  });
});
