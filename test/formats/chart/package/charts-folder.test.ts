import { describe, expect, it } from "vitest";
import type { ChartFile } from "../../../../formats/chart/package/chart-file.ts";
import { isVendored, readChartsFolder } from "../../../../formats/chart/package/charts-folder.ts";
import { fileWith, smallChart, vendoredArchive } from "./chart-samples.ts";

describe("isVendored", () => {
  it.each([
    ["charts/a/Chart.yaml", true],
    ["charts/a.tgz", true],
    ["charts/a.tgz.prov", false],
    ["charts/a/b.prov", false],
    ["charts.md", false],
    ["files/charts/a", false],
  ])("of %s is %s", (path, isIn) => {
    expect(isVendored(fileWith(path))).toBe(isIn);
  });
});

describe("readChartsFolder", () => {
  const names = async (files: readonly ChartFile[], left = 2 ** 20) => {
    const { entries, mistakes } = await readChartsFolder(files, { left });
    return {
      entries: entries.map(({ name, isArchive, files: inside }) => [name, isArchive, inside.map(({ path }) => path)]),
      mistakes: mistakes.map(({ path, reason }) => [path, reason]),
    };
  };

  it("has folders and archives, with paths below them", async () => {
    const files = [await vendoredArchive("a", "1.0.0"), ...smallChart("charts/b/", "c"), fileWith("charts/_d")];
    expect(await names(files)).toEqual({
      entries: [
        ["a-1.0.0.tgz", true, ["Chart.yaml", "templates/a.yaml"]],
        ["b", false, ["Chart.yaml", "templates/c.yaml"]],
      ],
      mistakes: [],
    });
  });

  it("unpacks all archives together into the space that is left", async () => {
    const padding = { path: "files/a", bytes: Buffer.alloc(600) };
    const [one, two] = [await vendoredArchive("a", "1.0.0", [padding]), await vendoredArchive("b", "1.0.0", [padding])];
    expect((await names([one, two], 2000)).mistakes).toEqual([]);
    expect(await names([one, two], 1000)).toMatchObject({
      entries: [["a-1.0.0.tgz", true, expect.any(Array)]],
      mistakes: [["charts/b-1.0.0.tgz", "is too large: helm loads no chart of 100 MiB or more"]],
    });
  });
});
