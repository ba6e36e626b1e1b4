import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { arrangeChart } from "../../../../formats/chart/package/arranged-chart.ts";
import type { ChartFile } from "../../../../formats/chart/package/chart-file.ts";
import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import { fileWith, smallChart, vendoredArchive } from "./chart-samples.ts";

const top = smallChart("", "app");
const topPaths = top.map(({ path }) => path);

/** The paths of a chart's package that are not the chart's own two files. */
async function arranged(...files: ChartFile[]): Promise<string[]> {
  const { files: all, mistakes } = await arrangeChart([...top, ...files]);
  expect(mistakes).toEqual([]);
  return all.map(({ path }) => path).filter((path) => !topPaths.includes(path));
}

const complaints = async (...files: ChartFile[]): Promise<[string, string][]> =>
  (await arrangeChart([...top, ...files])).mistakes.map(({ path, reason }) => [path, reason]);

describe("arrangeChart", () => {
  it("unpacks archives, and gives folders the names of their charts", async () => {
    expect(await arranged(await vendoredArchive("a", "1.2.3"), ...smallChart("charts/subdir/", "sub"))).toEqual([
      "charts/a/Chart.yaml",
      "charts/a/templates/a.yaml",
      "charts/sub/Chart.yaml",
      "charts/sub/templates/sub.yaml",
    ]);
  });

  it("names the charts that it found, but not those within them", async () => {
    const inner = await vendoredArchive("inner", "3.0.0");
    const { subcharts } = await arrangeChart([
      ...top,
      await vendoredArchive("outer", "1.2.3", [inner]),
      ...smallChart("charts/x/", "sub", "v2"),
    ]);
    expect(subcharts).toEqual([
      { name: "outer", version: "1.2.3" },
      { name: "sub", version: "v2" },
    ]);
  });

  it("unpacks charts in charts", async () => {
    const outer = await vendoredArchive("outer", "1.2.3", [
      await vendoredArchive("inner", "3.0.0"),
      fileWith("charts/_notes"),
    ]);
    const folder = [...smallChart("charts/sub/", "sub"), ...smallChart("charts/sub/charts/z/", "deep")];
    expect(await arranged(outer, ...folder)).toEqual([
      "charts/outer/Chart.yaml",
      "charts/outer/templates/outer.yaml",
      "charts/outer/charts/inner/Chart.yaml",
      "charts/outer/charts/inner/templates/inner.yaml",
      "charts/sub/Chart.yaml",
      "charts/sub/templates/sub.yaml",
      "charts/sub/charts/deep/Chart.yaml",
      "charts/sub/charts/deep/templates/deep.yaml",
    ]);
  });

  it("leaves out what begins with a dot or an underscore in charts/", async () => {
    const ignored = ["charts/.gitkeep", "charts/_notes.md", "charts/_old/Chart.yaml", "charts/.hidden/a"];
    expect(await arranged(...ignored.map((path) => fileWith(path)))).toEqual([]);
  });

  it("keeps signatures of archives, a subchart's .helmignore, and everything outside of charts/", async () => {
    const kept = ["charts/a-1.2.3.tgz.prov", "charts.md", ".helmignore", "files/charts/a", "files/a.tgz"];
    const files = [
      ...kept.map((path) => fileWith(path)),
      ...smallChart("charts/sub/", "sub"),
      fileWith("charts/sub/.helmignore", "*"),
    ];
    expect(await arranged(...files)).toEqual([
      ...kept,
      "charts/sub/Chart.yaml",
      "charts/sub/templates/sub.yaml",
      "charts/sub/.helmignore",
    ]);
  });
});

describe("arrangeChart, when two charts have one name", () => {
  it("keeps their archives and folders", async () => {
    const [one, two] = [await vendoredArchive("a", "1.0.0"), await vendoredArchive("a", "2.0.0")];
    const files = [one, two, ...smallChart("charts/mine/", "a"), ...smallChart("charts/other/", "b")];
    expect(await arranged(...files)).toEqual([
      "charts/a-1.0.0.tgz",
      "charts/a-2.0.0.tgz",
      "charts/mine/Chart.yaml",
      "charts/mine/templates/a.yaml",
      "charts/b/Chart.yaml",
      "charts/b/templates/b.yaml",
    ]);
  });

  it("packs the archives anew: their times and compression say nothing", async () => {
    const two = await vendoredArchive("a", "2.0.0");
    const pack = async (bytes: Uint8Array) =>
      packChart("app", (await arrangeChart([...top, { path: "charts/a-1.0.0.tgz", bytes }, two])).files);
    const { bytes: ours } = await vendoredArchive("a", "1.0.0");
    expect(await pack(gzipSync(gunzipSync(ours), { level: 1 }))).toEqual(await pack(ours));
  });

  it("refuses a twin in the folder of another chart", async () => {
    const files = [...smallChart("charts/b/", "a"), ...smallChart("charts/c/", "a"), ...smallChart("charts/x/", "b")];
    expect(await complaints(...files)).toEqual([["charts/x", "is the chart `b`, and charts/b is another chart"]]);
  });
});

describe("arrangeChart, when something cannot be packaged", () => {
  it.each<[what: string, file: ChartFile, path: string, reason: string]>([
    [
      "a file in charts/",
      fileWith("charts/README.md"),
      "charts/README.md",
      "is not a chart, and helm packages nothing",
    ],
    ["a folder without a chart", fileWith("charts/a/b"), "charts/a/Chart.yaml", "does not exist"],
    ["an archive that is none", fileWith("charts/a.tgz"), "charts/a.tgz", "is not gzipped"],
    ["a folder like an archive", fileWith("charts/a.tgz/Chart.yaml"), "charts/a.tgz", "is a folder with the name"],
    [
      "a chart without a version",
      fileWith("charts/a/Chart.yaml", "name: a"),
      "charts/a/Chart.yaml: version",
      "is not a version",
    ],
    ["a large file", { path: "a", bytes: Buffer.alloc(5 * 2 ** 20 + 1) }, "a", "is larger than 5 MiB"],
  ])("refuses %s", async (_, file, path, reason) => {
    expect(await complaints(file)).toEqual([[path, expect.stringContaining(reason)]]);
  });

  it("names the way to what is wrong in an archive", async () => {
    const outer = await vendoredArchive("outer", "1.2.3", [fileWith("charts/x"), fileWith("charts/in/y")]);
    const large = await vendoredArchive("large", "1.0.0", [{ path: "files/a", bytes: Buffer.alloc(5 * 2 ** 20 + 1) }]);
    expect((await complaints(outer, large)).map(([path]) => path)).toEqual([
      "charts/outer-1.2.3.tgz/charts/x",
      "charts/outer-1.2.3.tgz/charts/in/Chart.yaml",
      "charts/large/files/a",
    ]);
  });

  it("refuses 100 MiB in all", async () => {
    const files = Array.from({ length: 20 }, (_, at) => ({ path: `files/${at}`, bytes: Buffer.alloc(5 * 2 ** 20) }));
    expect(await complaints(...files)).toEqual([["", "has 100 MiB or more, and helm loads no such chart"]]);
  });

  it("refuses charts that are 17 deep", async () => {
    const nested = (depth: number) => "charts/a/".repeat(depth);
    const charts = Array.from({ length: 17 }, (_, at) => smallChart(nested(at + 1), "a")).flat();
    expect(await complaints(...charts)).toEqual([[`${nested(16)}charts`, "is 16 charts deep"]]);
    expect(await complaints(...charts.filter(({ path }) => !path.startsWith(nested(17))))).toEqual([]);
  });
});
