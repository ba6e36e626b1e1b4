import { cp, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockDigest } from "../../../../formats/chart/chart-lock.ts";
import { Dependency } from "../../../../formats/chart/dependency.ts";
import { builtDependencies } from "../../../../observe/source/artifact/built-dependencies.ts";
import { observeChart } from "../../../../observe/source/artifact/chart-files.ts";
import type { ChartFiles } from "../../../../packaging/chart-folder.ts";
import { packageChart } from "../../../../packaging/packaged-chart.ts";
import { keptDependencies } from "../../../../packaging/kept-dependencies.ts";
import { startDistribution } from "../../../../sandbox/registry/distribution.ts";
import type { Distribution } from "../../../../sandbox/registry/distribution.ts";
import { useNoHelm, useVariables } from "../../../support/helm-on-path.ts";
import { writeFiles } from "./chart-on-disk.ts";

let root = "";
let registry: Distribution;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "built-"));
  registry = await startDistribution({ folder: join(root, "registry"), allowDelete: false, secret: "a" });
  await pushRedis("20.1.0");
});
afterAll(async () => {
  await registry.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(() => useVariables({ XDG_CACHE_HOME: join(root, "cache") }));

/** Runs the real helm with folders of the test, for what a user does before a release. */
async function helm(...args: string[]): Promise<void> {
  const env = { PATH: process.env["PATH"], HOME: join(root, "home") };
  await execa("helm", args, { cwd: root, env, extendEnv: false });
}

async function pushRedis(version: string): Promise<void> {
  const folder = join(root, `redis-${version}`, "redis");
  await writeFiles(folder, {
    "Chart.yaml": `apiVersion: v2\nname: redis\nversion: ${version}\n`,
    "templates/r.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: redis}\n",
  });
  await helm("package", folder, "--destination", root);
  await helm("push", join(root, `redis-${version}.tgz`), `oci://127.0.0.1:${registry.port}/charts`, "--plain-http");
}

/** A workspace with the chart `app`, which needs redis of the registry and two charts of the workspace, and with its lock. */
async function workspaceOf(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const workspace = join(root, `workspace-${++number}`);
  const repository = `oci://127.0.0.1:${registry.port}/charts`;
  await writeFiles(workspace, {
    "charts/app/Chart.yaml": [
      "apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies:",
      `- {name: redis, version: 20.x.x, repository: "${repository}"}`,
      '- {name: base, version: ^1.0.0, repository: "file://../base"}',
      '- {name: deep, version: 0.1.0, repository: "file://../../parts/deep"}',
      "- {name: local, version: 0.2.0}\n",
    ].join("\n"),
    "charts/app/charts/local/Chart.yaml": "apiVersion: v2\nname: local\nversion: 0.2.0\n",
    "charts/app/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\n",
    "charts/base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.4.0\n",
    "charts/base/.helmignore": "*.bak\n",
    "charts/base/a.bak": "ignored",
    "charts/base/files/text": "text",
    "parts/deep/Chart.yaml": "apiVersion: v2\nname: deep\nversion: 0.1.0\n",
  });
  await helm("dependency", "update", join(workspace, "charts/app"), "--plain-http");
  await rm(join(workspace, "charts/app/charts/base-1.4.0.tgz"));
  await rm(join(workspace, "charts/app/charts/deep-0.1.0.tgz"));
  await rm(join(workspace, "charts/app/charts/redis-20.1.0.tgz"));
  await writeFiles(workspace, files);
  return workspace;
}

const path = "charts/app";
const build = (workspace: string) =>
  observeChart(workspace, path, "charts[0].path", builtDependencies(workspace, path));

async function built(workspace: string): Promise<ChartFiles> {
  const { found, mistakes } = await build(workspace);
  expect(mistakes).toEqual([]);
  return found!;
}

/** Every mistake as path and reason. */
async function refusals(workspace: string): Promise<[path: string, reason: string][]> {
  const { found, mistakes } = await build(workspace);
  expect(found).toBeUndefined();
  return mistakes.map((mistake) => [mistake.path, mistake.reason]);
}

describe("builtDependencies", () => {
  it("brings charts of a registry and of the workspace, and leaves the chart's folder alone", async () => {
    const workspace = await workspaceOf();
    const { files } = await built(workspace);
    expect(files.map((file) => file.path).toSorted()).toEqual([
      "Chart.lock",
      "Chart.yaml",
      "charts/base/.helmignore",
      "charts/base/Chart.yaml",
      "charts/base/files/text",
      "charts/deep/Chart.yaml",
      "charts/local/Chart.yaml",
      "charts/redis/Chart.yaml",
      "charts/redis/templates/r.yaml",
      "templates/a.yaml",
    ]);
    const { mistakes } = await observeChart(workspace, path, "charts[0].path");
    expect(mistakes.map(({ reason }) => reason)).toEqual(Array.from({ length: 3 }, () => "is not in charts/"));
  });

  it("makes the same package from other file times, and from leftovers in charts/", async () => {
    const [one, other] = [await workspaceOf(), join(root, "another")];
    await cp(one, other, { recursive: true });
    await writeFiles(other, { "charts/app/charts/old-1.0.0.tgz": "not even gzipped" });
    await utimes(join(other, "charts/base/files/text"), 1, 1);
    const packages = await Promise.all(
      [one, other].map(async (workspace) => {
        await built(workspace);
        const { chart } = await packageChart(join(workspace, path), {}, keptDependencies(join(workspace, path)));
        return chart?.bytes;
      }),
    );
    expect(packages[0]).toBeInstanceOf(Buffer);
    expect(packages[0]).toEqual(packages[1]);
  });

  it("keeps what it has built for another process, which needs no helm", async () => {
    const workspace = await workspaceOf();
    const { files } = await built(workspace);
    useNoHelm();
    const { found, mistakes } = await observeChart(workspace, path, "", keptDependencies(join(workspace, path)));
    expect(mistakes).toEqual([]);
    const texts = (all: ChartFiles["files"] = []) => all.map((file) => [file.path, Buffer.from(file.bytes).toString()]);
    expect(texts(found?.files).toSorted()).toEqual(texts(files).toSorted());
  });

  it("asks nothing for a chart without dependencies", async () => {
    const workspace = await workspaceOf({ "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n" });
    await rm(join(workspace, "charts/app/Chart.lock"));
    useNoHelm();
    expect((await built(workspace)).files.map((file) => file.path).toSorted()).toEqual([
      "Chart.yaml",
      "charts/local/Chart.yaml",
      "templates/a.yaml",
    ]);
  });

  it("writes what it keeps below the cache of the user", async () => {
    const workspace = await workspaceOf();
    await built(workspace);
    const { charts } = await keptDependencies(join(workspace, path))({ files: [] });
    expect(charts.map((file) => file.path)).toContain("charts/redis-20.1.0.tgz");
    useVariables({ XDG_CACHE_HOME: join(root, "another-cache") });
    expect((await keptDependencies(join(workspace, path))({ files: [] })).charts).toEqual([]);
  });
});

describe("builtDependencies, when the chart cannot be built", () => {
  const chartYaml = (...dependencies: string[]): Record<string, string> => ({
    "charts/app/Chart.yaml": `apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies:\n${dependencies.join("\n")}\n`,
  });

  it("refuses a lock of other dependencies with the words of the offline check", async () => {
    const workspace = await workspaceOf(chartYaml('- {name: base, version: ^1.1.0, repository: "file://../base"}'));
    expect(await refusals(workspace)).toEqual([
      ["charts/app/Chart.lock", "does not belong to the dependencies in Chart.yaml"],
    ]);
  });

  it("refuses a chart without a lock", async () => {
    const workspace = await workspaceOf();
    await rm(join(workspace, "charts/app/Chart.lock"));
    expect(await refusals(workspace)).toEqual([
      ["charts/app/Chart.lock", "does not exist, so that nothing says which versions helm is to bring"],
    ]);
  });

  it.each([
    ["file://../../../outside", "leads out of the workspace"],
    ["file:///absolute", "leads out of the workspace"],
    ["file://../gone", "names the folder charts/gone, which does not exist"],
    ["file://../broken", "names a chart that cannot be packaged: charts/broken/.helmignore: line 1: "],
  ])("refuses the place %s", async (repository, reason) => {
    const workspace = await workspaceOf({
      ...chartYaml(`- {name: base, version: ^1.0.0, repository: "${repository}"}`),
      "charts/broken/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.0.0\n",
      "charts/broken/.helmignore": "a/**\n",
    });
    const all = await refusals(workspace);
    expect(all).toContainEqual(["charts/app/Chart.yaml: dependencies[0].repository", expect.stringContaining(reason)]);
  });

  it("shows helm's words for a version of the workspace that the lock does not have", async () => {
    const workspace = await workspaceOf({ "charts/base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.5.0\n" });
    expect(await refusals(workspace)).toEqual([
      ["charts/app/Chart.yaml: dependencies", "helm dependency build: can't get a valid version for dependency base"],
    ]);
  });

  it("shows helm's words for a chart that is not in the registry any more", async () => {
    const repository = `oci://127.0.0.1:${registry.port}/gone`;
    const [wanted, locked] = ["20.x.x", "20.1.0"].map((version) => ({ name: "redis", version, repository }));
    const digest = lockDigest([Dependency.parse(wanted)], [Dependency.parse(locked)]);
    const workspace = await workspaceOf({
      ...chartYaml(`- ${JSON.stringify(wanted)}`),
      "charts/app/Chart.lock": JSON.stringify({ dependencies: [locked], digest, generated: "2026-01-01T00:00:00Z" }),
    });
    const [[place, reason] = []] = await refusals(workspace);
    expect(place).toBe("charts/app/Chart.yaml: dependencies");
    expect(reason).toMatch(/^helm dependency build: could not download oci:.*gone\/redis.*not found/);
    expect(reason).not.toContain(tmpdir());
  });

  it("says that there is no helm", async () => {
    const workspace = await workspaceOf();
    useNoHelm();
    expect(await refusals(workspace)).toEqual([
      ["charts/app/Chart.yaml: dependencies", "cannot be built: helm is not here"],
    ]);
  });
});
