import { describe, expect, it } from "vitest";
import { readSubchart } from "../../../../formats/chart/package/subchart.ts";

const read = (text: string | Uint8Array, path = "Chart.yaml") => readSubchart([{ path, bytes: Buffer.from(text) }]);

describe("readSubchart", () => {
  it.each([
    ["name: redis\nversion: 20.1.0\nVersion: x\n", { name: "redis", version: "20.1.0" }],
    ["\ufeffname: Redis_2.x\nversion: v1.2\n", { name: "Redis_2.x", version: "v1.2" }],
    ["name: 7\nversion: 1\n", { name: "7", version: "1" }],
  ])("reads %j", (text, subchart) => {
    expect(read(text)).toEqual({ subchart, mistakes: [] });
  });

  it.each([
    ["name: redis\n", "Chart.yaml: version", "is not a version to helm"],
    ["name: redis\nversion: latest\n", "Chart.yaml: version", "is not a version to helm"],
    ["name: redis\nversion: 1.10\n", "Chart.yaml: version", "is not text to helm: write it in quotes"],
    ["version: 1.2.3\n", "Chart.yaml: name", "cannot be the name of a folder in charts/"],
    ["name: ../x\nversion: 1.2.3\n", "Chart.yaml: name", "cannot be the name of a folder in charts/"],
    ["name: _x\nversion: 1.2.3\n", "Chart.yaml: name", "cannot be the name of a folder in charts/"],
    ["name: x.tgz\nversion: 1.2.3\n", "Chart.yaml: name", "cannot be the name of a folder in charts/"],
    ["- a\n", "Chart.yaml", "must be a map of keys and values"],
    ["a: [\n", "Chart.yaml", /^cannot be read as YAML: /],
    [new Uint8Array([0xff]), "Chart.yaml", "is not UTF-8"],
  ])("refuses %j", (text, path, reason) => {
    const { subchart, mistakes } = read(text);
    expect(subchart).toBeUndefined();
    expect(mistakes).toEqual([expect.objectContaining({ path, reason: expect.stringMatching(reason) })]);
  });

  it("refuses a folder without Chart.yaml", () => {
    expect(read("name: a\nversion: 1.2.3\n", "chart.yaml").mistakes).toEqual([
      expect.objectContaining({ reason: "does not exist, and helm packages only charts in charts/" }),
    ]);
  });
});
