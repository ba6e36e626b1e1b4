import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { computeDigest } from "../../../../formats/artifact/digest.ts";
import { writeChartManifest } from "../../../../formats/chart/chart-manifest.ts";
import { unpackChart } from "../../../../formats/chart/package/chart-archive.ts";
import { packageLimit } from "../../../../formats/chart/package/chart-file.ts";
import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import { observeChart } from "../../../../observe/source/artifact/chart-files.ts";
import type { ChartFiles } from "../../../../packaging/chart-folder.ts";
import { startDistribution } from "../../../../sandbox/registry/distribution.ts";
import { seededRandom } from "../../../formats/seeded-random.ts";
import { chartSamples, writeChart } from "./helm-charts.ts";
import type { ChartSample } from "./helm-charts.ts";

const samples = await chartSamples();
let root = "";
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-helm-"));
});
afterAll(() => rm(root, { recursive: true }));

/** Runs the real helm in the test's folder, with settings and caches of its own. */
async function helm(...args: string[]) {
  const env = { PATH: process.env["PATH"], HOME: join(root, "home"), TZ: "UTC" };
  return execa("helm", args, { cwd: root, env, extendEnv: false, reject: false });
}

async function succeeded(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await helm(...args);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("Error")]);
  return stdout;
}

/** Writes a chart to a folder of its own. @returns that folder's parent, and the chart's path below it */
async function written(name: string, files: ChartSample): Promise<{ workspace: string; folder: string }> {
  const workspace = `case-${count++}`;
  await writeChart(join(root, workspace, name), files);
  return { workspace, folder: name };
}

async function observed(workspace: string, folder: string): Promise<ChartFiles> {
  const { found, mistakes } = await observeChart(join(root, workspace), folder, "chart");
  expect(mistakes).toEqual([]);
  return found!;
}

/** Our package and helm's own of one chart, as paths below the test's folder. */
async function bothPackages(workspace: string, folder: string): Promise<[ours: string, theirs: string]> {
  const { metadata, files } = await observed(workspace, folder);
  const file = `${metadata.name}-${metadata.version}.tgz`;
  await mkdir(join(root, workspace, "ours"));
  await writeFile(join(root, workspace, "ours", file), await packChart(metadata.name, files));
  await succeeded("package", join(workspace, folder), "--destination", join(workspace, "theirs"));
  return [join(workspace, "ours", file), join(workspace, "theirs", file)];
}

/** The files of a package, by path, without Chart.yaml and Chart.lock: helm writes these anew, and so sorts their keys. */
async function contents(file: string): Promise<Record<string, string>> {
  const files = await unpackChart(await readFile(join(root, file)), packageLimit);
  return Array.isArray(files)
    ? Object.fromEntries(
        files.map(({ path, bytes }) => [path, /(^|\/)Chart\.(yaml|lock)$/.test(path) ? "anew" : computeDigest(bytes)]),
      )
    : files;
}

describe("observeChart and packChart, compared with helm package", () => {
  it.each(Object.entries(samples))(
    "have the same files, and helm shows and renders the same: %s",
    async (name, chart) => {
      const { workspace, folder } = await written(name, chart);
      const [ours, theirs] = await bothPackages(workspace, folder);
      expect(await contents(ours)).toEqual(await contents(theirs));
      const [shown, rendered] = await Promise.all(
        ["show all", "template x"].map((command) =>
          Promise.all([ours, theirs].map((file) => helm(...command.split(" "), file))),
        ),
      );
      for (const both of [shown, rendered]) {
        const [one, other] = (both ?? []).map(({ exitCode, stdout, stderr }) => ({ exitCode, stdout, stderr }));
        expect(one).toEqual(other);
      }
      expect(shown?.[0]?.exitCode).toBe(0);
      expect(rendered?.[0]?.exitCode).toBe(name === "library" ? 1 : 0);
    },
  );
});

describe("observeChart and packChart, of a chart that helm dependency update has prepared", () => {
  it("accept lock and archives, and keep both versions of one chart, of which helm package has one", async () => {
    const workspace = `case-${count++}`;
    const template = (text: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${text}}\n`;
    for (const [folder, version] of [
      ["old", "1.0.0"],
      ["new", "2.0.0"],
    ] as const) {
      await writeChart(join(root, workspace, folder, "base"), {
        "Chart.yaml": `apiVersion: v2\nname: base\nversion: ${version}\n`,
        "templates/a.yaml": template(`base-${folder}`),
      });
    }
    const dependency = (folder: string, range: string): string =>
      `- {name: base, version: ${range}, repository: "file://../${folder}/base", alias: ${folder}}\n`;
    await writeChart(join(root, workspace, "app"), {
      "Chart.yaml": `apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies:\n${dependency("old", "^1.0.0")}${dependency("new", "2.x")}`,
    });
    await succeeded("dependency", "update", join(workspace, "app"));
    expect((await readdir(join(root, workspace, "app", "charts"))).toSorted()).toEqual([
      "base-1.0.0.tgz",
      "base-2.0.0.tgz",
    ]);
    const first = await observed(workspace, "app");
    const bytes = await packChart("app", first.files);
    expect(first.files.map(({ path }) => path)).toEqual([
      "Chart.lock",
      "Chart.yaml",
      "charts/base-1.0.0.tgz",
      "charts/base-2.0.0.tgz",
    ]);
    await writeFile(join(root, workspace, "app-1.2.3.tgz"), bytes);
    expect(await succeeded("template", "x", join(workspace, "app-1.2.3.tgz"))).toMatch(
      /base-new[^]*base-old|base-old[^]*base-new/,
    );

    // Built again from other file times: the archives of helm differ, our package does not.
    const before = await readFile(join(root, workspace, "app", "charts", "base-1.0.0.tgz"));
    await utimes(join(root, workspace, "old", "base", "templates", "a.yaml"), 1, 1);
    await succeeded("dependency", "build", join(workspace, "app"));
    expect(await readFile(join(root, workspace, "app", "charts", "base-1.0.0.tgz"))).not.toEqual(before);
    expect(await packChart("app", (await observed(workspace, "app")).files)).toEqual(bytes);

    await writeFile(join(root, workspace, "old", "base", "Chart.yaml"), "apiVersion: v2\nname: base\nversion: 1.5.0\n");
    await succeeded("package", join(workspace, "old", "base"), "--destination", join(workspace, "app", "charts"));
    await rm(join(root, workspace, "app", "charts", "base-1.0.0.tgz"));
    const { mistakes } = await observeChart(join(root, workspace), "app", "chart");
    expect(mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["app/Chart.yaml: dependencies[0]", "is in charts/ as 1.5.0, and Chart.lock has 1.0.0"],
    ]);
  });
});

describe("writeChartManifest, compared with helm push", () => {
  it("has the digest that helm makes of our package, and helm finds the chart by it", async () => {
    const registry = await startDistribution({ folder: join(root, "registry"), allowDelete: false, secret: "a" });
    try {
      const place = `127.0.0.1:${registry.port}/charts`;
      for (const name of ["full", "parent", "first", "bare"]) {
        const { workspace, folder } = await written(name, samples[name]!);
        const { metadata, files } = await observed(workspace, folder);
        const bytes = await packChart(metadata.name, files);
        const file = `${metadata.name}-${metadata.version}.tgz`;
        await writeFile(join(root, workspace, file), bytes);
        await utimes(join(root, workspace, file), 1_700_000_000, 1_700_000_000);
        const layer = { digest: computeDigest(bytes), size: bytes.length };
        const { digest } = writeChartManifest(metadata, layer, { created: "2023-11-14T22:13:20Z" });
        const { stdout } = await helm("push", join(workspace, file), `oci://${place}`, "--plain-http");
        expect(stdout).toContain(`Digest: ${digest}`);
        expect(await succeeded("show", "chart", `oci://${place}/${name}@${digest}`, "--plain-http")).toContain(
          `name: ${name}`,
        );
      }
    } finally {
      await registry.close();
    }
  });
});

describe("readIgnoreRules, compared with helm package", () => {
  const signs = ["a", "b", "*", "?", "/", "[ab]", "[^a]", ".", "\\b", "é"];
  const paths = [
    "a",
    "b",
    "ab",
    "a.b",
    "é",
    ".a",
    "d/a",
    "d/b",
    "d/e/a",
    "d/e/é",
    "b.d/ab",
    "templates/.a",
    "templates/b",
    "[ab]",
  ];
  const random = seededRandom(7);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const line = (): string =>
    `${pick(["", "", "/", "!", "!/"])}${Array.from({ length: 1 + random(4) }, () => pick(signs)).join("")}${pick(["", "", "/"])}`;
  const cases = Array.from({ length: 40 }, () =>
    Array.from({ length: 1 + random(3) }, line)
      .filter((text) => !text.includes("**"))
      .concat("# end")
      .join("\n"),
  );

  it("leaves out the same files, for 40 random .helmignore", async () => {
    const kept = await Promise.all(
      cases.map(async (rules) => {
        const files = Object.fromEntries(paths.map((path) => [path, path]));
        const chart = { "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n", ".helmignore": rules, ...files };
        const { workspace, folder } = await written("app", chart);
        const [{ found, mistakes }, { exitCode }] = await Promise.all([
          observeChart(join(root, workspace), folder, "chart"),
          helm("package", join(workspace, folder), "--destination", join(workspace, "theirs")),
        ]);
        const theirs = exitCode === 0 ? Object.keys(await contents(join(workspace, "theirs", "app-1.2.3.tgz"))) : [];
        return {
          rules,
          mistakes: mistakes.map(({ path }) => path),
          ours: found?.files.map(({ path }) => path) ?? [],
          theirs,
        };
      }),
    );
    expect(kept.map(({ rules, ours }) => ({ rules, paths: ours.toSorted() }))).toEqual(
      kept.map(({ rules, theirs }) => ({ rules, paths: theirs.toSorted() })),
    );
    // Lines that leave Chart.yaml out: helm refuses the chart as well.
    expect(kept.filter(({ theirs }) => theirs.length === 0).flatMap(({ mistakes }) => mistakes)).toEqual(
      expect.arrayContaining(["app/Chart.yaml"]),
    );
    expect(kept.filter(({ theirs }) => theirs.length > 0).length).toBeGreaterThan(10);
  });
});
