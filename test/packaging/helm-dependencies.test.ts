import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageChart } from "../../packaging/packaged-chart.ts";
import { writeFiles } from "../observe/source/artifact/chart-on-disk.ts";
import { packageEntries } from "./package-entries.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "helm-dependencies-"));
  for (const [folder, version] of [
    ["old", "1.0.0"],
    ["new", "2.0.0"],
  ] as const) {
    await writeFiles(join(root, folder, "base"), {
      "Chart.yaml": `apiVersion: v2\nname: base\nversion: ${version}\n`,
      "templates/a.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base-${folder}}\n`,
    });
  }
  const dependency = (folder: string, range: string): string =>
    `- {name: base, version: ${range}, repository: "file://../${folder}/base", alias: ${folder}}\n`;
  await writeFiles(join(root, "app"), {
    "Chart.yaml": `apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies:\n${dependency("old", "^1.0.0")}${dependency("new", "2.x")}`,
  });
  await helm("dependency", "update", "app");
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs the real helm in the test's folder, with settings and caches of its own. */
async function helm(...args: string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: join(root, "home") };
  return (await execa("helm", args, { cwd: root, env, extendEnv: false })).stdout;
}

async function packed(): Promise<Buffer> {
  const { chart, mistakes } = await packageChart(join(root, "app"));
  expect(mistakes).toEqual([]);
  return chart!.bytes;
}

describe("packageChart, of a chart that helm dependency update has prepared", () => {
  it("accepts lock and archives, and keeps both versions of one chart, of which helm package has one", async () => {
    expect((await readdir(join(root, "app", "charts"))).toSorted()).toEqual(["base-1.0.0.tgz", "base-2.0.0.tgz"]);
    const bytes = await packed();
    expect([...(await packageEntries(bytes)).keys()]).toEqual([
      "app/Chart.yaml",
      "app/Chart.lock",
      "app/charts/base-1.0.0.tgz",
      "app/charts/base-2.0.0.tgz",
    ]);
    await writeFile(join(root, "app-1.2.3.tgz"), bytes);
    const rendered = await helm("template", "x", "app-1.2.3.tgz");
    expect(rendered.match(/base-\w+/g)?.toSorted()).toEqual(["base-new", "base-old"]);
    expect(rendered).toBe(await helm("template", "x", "app"));
  });

  it("makes the same bytes if helm makes other archives of the same charts", async () => {
    const archive = join(root, "app", "charts", "base-1.0.0.tgz");
    const [bytes, before] = [await packed(), await readFile(archive)];
    await utimes(join(root, "old", "base", "templates", "a.yaml"), 1, 1);
    await helm("dependency", "build", "app");
    expect(await readFile(archive)).not.toEqual(before);
    expect(await packed()).toEqual(bytes);
  });

  it("refuses another version in charts/ than the lock has", async () => {
    await writeFile(join(root, "old", "base", "Chart.yaml"), "apiVersion: v2\nname: base\nversion: 1.5.0\n");
    await helm("package", "old/base", "--destination", "app/charts");
    await rm(join(root, "app", "charts", "base-1.0.0.tgz"));
    const { mistakes } = await packageChart(join(root, "app"));
    expect(mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["Chart.yaml: dependencies[0]", "is in charts/ as 1.5.0, and Chart.lock has 1.0.0"],
    ]);
  });
});
