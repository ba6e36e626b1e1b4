import { describe, expect, it } from "vitest";
import { readChartYaml } from "../../../../formats/chart/chart-yaml.ts";
import { editChart } from "../../../../formats/chart/pin/chart-edits.ts";
import type { ChartEdits, ChartPin } from "../../../../formats/chart/pin/chart-edits.ts";

const image = { repository: "ghcr.io/acme/app", tag: "1.2.3", digest: `sha256:${"a".repeat(64)}` };
const values = "image:\n  repository: ghcr.io/acme/app # ours\n  digest:\n  tag: v0\nports: [80]\n";
const chartYaml = "apiVersion: v2\nname: app\nversion: 0.0.0 # the unit's\nappVersion: none\n";

/** A chart of these files; undefined leaves one out. */
function chartOf({ "Chart.yaml": text = chartYaml, ...others }: Record<string, string | Uint8Array>) {
  const metadata = readChartYaml(String(text)).metadata!;
  const files = Object.entries({ "Chart.yaml": text, ...others }).map(([path, content]) => ({
    path,
    bytes: Buffer.from(content),
  }));
  return { metadata, files };
}

const pin = (path: string, form: ChartPin["form"] = "digest"): ChartPin => ({ ...image, path, form });

function edited(edits: ChartEdits, files: Record<string, string | Uint8Array> = { "values.yaml": values }) {
  const { chart, mistakes } = editChart(chartOf(files), edits);
  const texts = chart?.files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]);
  return {
    texts: texts && Object.fromEntries(texts),
    metadata: chart?.metadata,
    said: mistakes.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

describe("editChart", () => {
  it("leaves a chart as it is without edits, also one without values", () => {
    expect(edited({}, {}).texts).toEqual({ "Chart.yaml": chartYaml });
  });

  it("writes every pin into values.yaml, and nothing else", () => {
    const pins = [pin("image.digest"), pin("image.tag", "tag@digest"), pin("ports[0]", "repository")];
    const { texts, said } = edited({ pins });
    expect(said).toEqual([]);
    expect(texts).toEqual({
      "Chart.yaml": chartYaml,
      "values.yaml": values
        .replace("digest:", `digest: "${image.digest}"`)
        .replace("tag: v0", `tag: "1.2.3@${image.digest}"`)
        .replace("[80]", '["ghcr.io/acme/app"]'),
    });
  });

  it("writes versions into Chart.yaml, and reads them from there", () => {
    const { texts, metadata } = edited({ versions: { version: "1.2.3", appVersion: "2.0.0" } });
    expect(texts?.["Chart.yaml"]).toBe(
      chartYaml.replace("0.0.0", '"1.2.3"').replace("appVersion: none", 'appVersion: "2.0.0"'),
    );
    expect([metadata?.version, metadata?.appVersion]).toEqual(["1.2.3", "2.0.0"]);
  });

  it("keeps the version that is not replaced", () => {
    expect(edited({ versions: { version: undefined, appVersion: "2.0.0" } }).metadata).toMatchObject({
      version: "0.0.0",
      appVersion: "2.0.0",
    });
  });

  it.each<[what: string, edits: ChartEdits, files: Record<string, string | Uint8Array>, said: string[]]>([
    [
      "paths that are not there, all of them",
      { pins: [pin("image.sha"), pin("image.digest"), pin("img.tag")] },
      { "values.yaml": values },
      [
        "values.yaml: image.sha: does not exist, and no value is created",
        "values.yaml: img.tag: does not exist, and no value is created",
      ],
    ],
    ["a map", { pins: [pin("image")] }, { "values.yaml": values }, ["values.yaml: image: is a map, not one value"]],
    [
      "what is not a path",
      { pins: [pin("image..tag")] },
      { "values.yaml": values },
      ["values.yaml: image..tag: is not a path of a value"],
    ],
    [
      "a chart without values",
      { pins: [pin("image.digest")] },
      {},
      ["values.yaml: is not in the package, and `image.digest` is written into it"],
    ],
    [
      "values in another encoding",
      { pins: [pin("image.digest")] },
      { "values.yaml": Buffer.from([0xff, 0xfe]) },
      ["values.yaml: is not UTF-8"],
    ],
    [
      "an appVersion that is not there",
      { versions: { appVersion: "2.0.0" } },
      { "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n" },
      ["Chart.yaml: appVersion: does not exist, and no value is created"],
    ],
    [
      "a version that no chart can have",
      { versions: { version: "1.2" } },
      {},
      ["Chart.yaml: version: is not a complete semantic version, and helm finds no other in a registry"],
    ],
  ])("refuses %s", (_, edits, files, said) => {
    const result = edited(edits, files);
    expect([result.texts, result.said]).toEqual([undefined, said]);
  });
});
