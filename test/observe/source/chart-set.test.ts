import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSpec } from "../../../config/release/read-spec.ts";
import { observeChartSet } from "../../../observe/source/chart-set.ts";
import { writeFiles } from "./artifact/chart-on-disk.ts";

const chart = (name: string, version: string) => `apiVersion: v2\nname: ${name}\nversion: ${version}\n`;
let root: string;
let workspace: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-chart-set-"));
  workspace = join(root, "workspace");
  await writeFiles(workspace, {
    "charts/web/Chart.yaml": chart("web", "2.0.0"),
    "charts/app/Chart.yaml": chart("app", "1.2.3+5"),
    "charts/app/charts/redis/Chart.yaml": chart("redis", "7.0.0"),
    "charts/app/hub.yml": "owners: []\n",
    "charts/README.md": "Charts",
    "charts/docs/README.md": "not a chart",
    "infra/deep/db/Chart.yaml": chart("db", "0.0.0"),
    "wrong/number/Chart.yaml": chart("number", "1.10"),
    "wrong/bytes/Chart.yaml": Buffer.from([0xff, 0xfe, 0x00]),
    "wrong/.git/Chart.yaml": chart("git", "1.0.0"),
    "../outside/Chart.yaml": chart("outside", "1.0.0"),
  });
  await mkdir(join(workspace, "wrong", "folder", "Chart.yaml"), { recursive: true });
  await symlink("../../outside", join(workspace, "charts", "outside"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function observed(charts: unknown) {
  const text = typeof charts === "string" ? charts : JSON.stringify(charts);
  const { outline, pathOf } = readSpec({ "lockstep:charts": text }, {});
  const { found, mistakes } = await observeChartSet(workspace, outline.charts, pathOf);
  return {
    found: found.map(({ folder, version }) => `${folder} ${version}`),
    mistakes: mistakes.map(({ path, value, reason }) => `${path} = ${String(value)}: ${reason}`),
  };
}

describe("observeChartSet", () => {
  it.each([
    ["charts/*", ["charts/app 1.2.3+5", "charts/web 2.0.0"]],
    [
      ["charts/web/", "./charts/app"],
      ["charts/app 1.2.3+5", "charts/web 2.0.0"],
    ],
    [
      ["charts/*", "charts/web", "infra/**"],
      ["charts/app 1.2.3+5", "charts/web 2.0.0", "infra/deep/db 0.0.0"],
    ],
    ["charts/{app,docs}", ["charts/app 1.2.3+5"]],
    ["charts/**", ["charts/app 1.2.3+5", "charts/web 2.0.0"]],
    ["charts/app/charts/redis", ["charts/app/charts/redis 7.0.0"]],
  ])("finds with %j: %j", async (charts, found) => {
    expect(await observed(charts)).toEqual({ found, mistakes: [] });
  });

  it("leaves what is wrong in Chart.yaml to those who read the whole chart", async () => {
    expect(await observed("wrong/*")).toEqual({
      found: ["wrong/bytes undefined", "wrong/number undefined"],
      mistakes: [],
    });
  });

  it.each([
    ["chart/*", "charts = chart/*: matches no folder with a Chart.yaml"],
    ["charts/docs", "charts = charts/docs: is not a folder with a Chart.yaml"],
    ["charts/outside", "charts = charts/outside: is not a folder with a Chart.yaml"],
    ["wrong/.git", "charts = wrong/.git: is not a folder with a Chart.yaml"],
    [["charts/*", "chart/*"], "charts[1] = chart/*: matches no folder with a Chart.yaml"],
    [{ path: "chart/*" }, "charts.path = chart/*: matches no folder with a Chart.yaml"],
    [{ path: ["chart/*", "charts/app"] }, "charts.path[0] = chart/*: matches no folder with a Chart.yaml"],
  ])("refuses %j, which matches no chart", async (charts, mistake) => {
    expect((await observed(charts)).mistakes).toEqual([mistake]);
  });

  it("finds the metadata for Artifact Hub in the folders that have it", async () => {
    const charts = JSON.stringify({ path: "charts/*", artifactHub: "hub.yml" });
    const { outline, pathOf } = readSpec({ "lockstep:charts": charts }, {});
    expect(await observeChartSet(workspace, outline.charts, pathOf)).toEqual({
      found: [
        { folder: "charts/app", version: "1.2.3+5", artifactHub: "charts/app/hub.yml" },
        { folder: "charts/web", version: "2.0.0" },
      ],
      mistakes: [],
    });
  });

  it("refuses metadata that no chart has", async () => {
    expect((await observed({ path: "charts/*", artifactHub: "hub.yaml" })).mistakes).toEqual([
      "charts.artifactHub = hub.yaml: is in the folder of no chart",
    ]);
  });

  it("finds nothing without a set", async () => {
    expect(await observeChartSet(workspace, undefined, String)).toEqual({ found: [], mistakes: [] });
  });
});
