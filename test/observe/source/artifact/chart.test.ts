import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { computeDigest } from "../../../../formats/artifact/digest.ts";
import { chartSource, packEditedChart } from "../../../../observe/source/artifact/chart.ts";
import { packageChart } from "../../../../packaging/packaged-chart.ts";
import { appChart, writeFiles } from "./chart-on-disk.ts";

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "chart-source-test-"));
  await writeFiles(join(workspace, "charts/app"), appChart);
  await writeFiles(join(workspace, "charts/other"), appChart);
  await writeFiles(join(workspace, "charts/broken"), { "Chart.yaml": "name: broken\nversion: 1\n" });
  await writeFiles(workspace, { "charts/file": "x", "hub.yml": hub, "hub/empty.yml": "ignore: []\n" });
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const hub = "repositoryID: 0b1e2d3c-4f5a-6b7c-8d9e-0f1a2b3c4d5e\n";
const repository = "ghcr.io/acme/charts/app";
const at = (key: string): string => `charts[0].${key}`;

describe("chartSource", () => {
  it("finds the package with its version", async () => {
    const bytes = (await packageChart(join(workspace, "charts/app"))).chart?.bytes ?? Buffer.alloc(0);
    expect(await chartSource.check(workspace, { path: "charts/app", repository }, at)).toEqual({
      found: {
        sbom: undefined,
        packed: {
          name: "app-1.2.3.tgz",
          packs: "chart",
          path: "charts/app",
          sha256: computeDigest(bytes).slice("sha256:".length),
          size: bytes.length,
          version: "1.2.3",
          versionAt: "charts/app/Chart.yaml: version",
          content: {
            config: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
            source: undefined,
            files: expect.objectContaining({
              "Chart.yaml": computeDigest(appChart["Chart.yaml"] ?? "").slice("sha256:".length),
            }),
          },
        },
        words: { changes: undefined, remarks: [], installable: true },
      },
      mistakes: [],
    });
  });

  it("finds what it says of itself to people", async () => {
    const words = async (more: string) => {
      await writeFiles(join(workspace, "told/app"), { ...appChart, "Chart.yaml": `${appChart["Chart.yaml"]}${more}` });
      return (await chartSource.check(workspace, { path: "told/app", repository }, at)).found.words;
    };
    expect(await words("type: library\nannotations:\n  artifacthub.io/changes: |\n    - A fix\n")).toEqual({
      changes: "- A fix",
      remarks: [],
      installable: false,
    });
    const both = "artifacthub.io/changes: 1\n  artifacthub.io/images: app";
    expect((await words(`annotations:\n  ${both}\n`))?.remarks).toHaveLength(2);
    expect(await words('annotations:\n  artifacthub.io/images: "[{image: r.io/app:1.2.3}]"\n')).toMatchObject({
      remarks: [],
      images: ["r.io/app:1.2.3"],
    });
    expect(await words("annotations:\n  artifacthub.io/changes: a fix\n")).toEqual({
      changes: undefined,
      remarks: [expect.stringMatching(/^told\/app\/Chart\.yaml: artifacthub\.io\/changes is neither/)],
      installable: true,
    });
  });

  it("has the hash of the package", async () => {
    const written = { path: "charts/app", repository };
    const { found } = await chartSource.check(workspace, written, at);
    expect(await chartSource.hash(workspace, written)).toBe(found.packed?.sha256);
  });

  it.each([
    ["a missing folder", "charts/gone", repository, ["charts[0].path: does not exist"]],
    ["a file", "charts/file", repository, ["charts[0].path: is a file, not a folder"]],
    [
      "a folder of another name",
      "charts/other",
      repository,
      ["charts/other/Chart.yaml: name: differs from the name of its folder, `other`"],
    ],
    [
      "a repository of another name",
      "charts/app",
      "ghcr.io/acme/app-chart",
      ["charts[0].repository: does not end with the chart's name, app"],
    ],
    [
      "a broken Chart.yaml",
      "charts/broken",
      repository,
      [
        "charts/broken/Chart.yaml: version: is not text to helm: write it in quotes",
        "charts/broken/Chart.yaml: apiVersion: must be `v2`, or `v1` for charts that Helm 2 can read",
      ],
    ],
  ])("refuses %s", async (_, path, pushedTo, said) => {
    const { mistakes } = await chartSource.check(workspace, { path, repository: pushedTo }, at);
    expect(mistakes.map((mistake) => `${mistake.path}: ${mistake.reason}`)).toEqual(said);
  });

  it("says nothing of a path that is a mistake of its own", async () => {
    expect(await chartSource.check(workspace, { repository }, at)).toEqual({
      found: { sbom: undefined },
      mistakes: [],
    });
  });

  it("describes the package without what is written into its files later", async () => {
    const { found: plain } = await chartSource.check(workspace, { path: "charts/app", repository }, at);
    const written = { path: "charts/app", repository, version: "unit" as const };
    const { found, mistakes } = await chartSource.check(workspace, written, at);
    expect(mistakes).toEqual([]);
    expect(found.packed).toEqual({ ...plain.packed, name: "app-{version}.tgz", version: undefined });
    expect(await chartSource.hash(workspace, written)).toBe(plain.packed?.sha256);
  });

  it("names every place that is not there", async () => {
    const pins = {
      "image.tag": { image: "app", form: "tag" as const },
      replicas: { image: "app", form: "ref" as const },
    };
    const written = { path: "charts/app", repository, pins, appVersion: "app" };
    const { mistakes } = await chartSource.check(workspace, written, at);
    expect(mistakes.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "charts/app/values.yaml: image.tag: does not exist, and no value is created",
      "charts/app/Chart.yaml: appVersion: does not exist, and no value is created",
    ]);
  });

  it("refuses to hash a chart that is broken by now", async () => {
    await expect(chartSource.hash(workspace, { path: "charts/broken", repository })).rejects.toThrow("2 mistakes");
  });

  it("finds the metadata for Artifact Hub", async () => {
    const written = { path: "charts/app", repository, artifactHub: "hub.yml" };
    expect((await chartSource.check(workspace, written, at)).found.hubFile).toEqual({
      path: "hub.yml",
      sha256: computeDigest(hub).slice("sha256:".length),
    });
  });

  it.each([
    ["is missing", "gone.yml", "does not exist"],
    ["is a folder", "charts", "is a folder, not a file"],
    ["claims nothing", "hub/empty.yml", "has neither `repositoryID` nor `owners`, so it claims nothing"],
  ])("refuses metadata that %s, beside what is wrong with the chart", async (_, artifactHub, reason) => {
    const { mistakes } = await chartSource.check(workspace, { path: "charts/gone", repository, artifactHub }, at);
    expect(mistakes.map((mistake) => [mistake.path, mistake.reason])).toEqual([
      ["charts[0].path", "does not exist"],
      ["charts[0].artifactHub", reason],
    ]);
  });
});

describe("packEditedChart", () => {
  it("describes the package with what is written into its files", async () => {
    const edits = { versions: { version: "2.0.0" } };
    const bytes = (await packageChart(join(workspace, "charts/app"), edits)).chart?.bytes ?? Buffer.alloc(0);
    expect(await packEditedChart(workspace, { path: "charts/app" }, edits)).toMatchObject({
      name: "app-2.0.0.tgz",
      version: "2.0.0",
      sha256: computeDigest(bytes).slice("sha256:".length),
      size: bytes.length,
    });
  });

  it("refuses a place that is gone by now", async () => {
    const pin = { path: "image.tag", form: "tag" as const, repository: "ghcr.io/acme/app", tag: "1", digest: "" };
    await expect(packEditedChart(workspace, { path: "charts/app" }, { pins: [pin] })).rejects.toThrow(
      "charts/app/values.yaml: image.tag: does not exist",
    );
  });
});
