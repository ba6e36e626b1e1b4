import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unpackChart } from "../../formats/chart/package/chart-archive.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import { appChart, writeFiles } from "../observe/source/artifact/chart-on-disk.ts";

let root: string;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "chart-test-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function chartOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, String(++number), "app");
  await writeFiles(folder, files);
  return folder;
}

describe("packageChart", () => {
  it("packages what is in the folder, and says what it is", async () => {
    const { chart, mistakes } = await packageChart(
      await chartOf({ ...appChart, ".helmignore": "*.bak\n", "a.bak": "" }),
    );
    const files = await unpackChart(chart?.bytes ?? Buffer.alloc(0), 2 ** 20);
    expect(mistakes).toEqual([]);
    expect([chart?.metadata.name, chart?.metadata.version]).toEqual(["app", "1.2.3"]);
    expect("unreadable" in files ? files : files.map(({ path }) => path)).toEqual([
      "Chart.yaml",
      ".helmignore",
      "templates/app.yaml",
      "values.yaml",
    ]);
  });

  it("makes no package if anything is wrong", async () => {
    const { chart, mistakes } = await packageChart(await chartOf({ ...appChart, "charts/notes.md": "x" }));
    expect([chart, mistakes.map(({ path }) => path)]).toEqual([undefined, ["charts/notes.md"]]);
  });

  it("writes into the files first, and leaves the folder as it is", async () => {
    const folder = await chartOf(appChart);
    const { chart } = await packageChart(folder, { versions: { version: "2.0.0" } });
    expect(chart?.metadata.version).toBe("2.0.0");
    expect((await packageChart(folder)).chart?.metadata.version).toBe("1.2.3");
  });

  it("makes no package if a pin has no place", async () => {
    const pin = { path: "image.tag", form: "tag" as const, repository: "ghcr.io/acme/app", tag: "1", digest: "" };
    const { chart, mistakes } = await packageChart(await chartOf(appChart), { pins: [pin] });
    expect([chart, mistakes.map(({ path }) => path)]).toEqual([undefined, ["values.yaml: image.tag"]]);
  });
});
