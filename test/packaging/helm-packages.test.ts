import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readChartLock } from "../../formats/chart/chart-lock.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { writeChartManifest } from "../../formats/chart/chart-manifest.ts";
import { readChartYaml } from "../../formats/chart/chart-yaml.ts";
import { withHelm } from "../../packaging/helm/helm.ts";
import type { Helm, HelmAnswer } from "../../packaging/helm/helm.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import type { PackagedChart } from "../../packaging/packaged-chart.ts";
import { startDistribution } from "../../sandbox/registry/distribution.ts";
import { packageEntries } from "./package-entries.ts";
import { writeChart } from "./real-charts/real-chart.ts";
import type { RealChart } from "./real-charts/real-chart.ts";
import { realCharts } from "./real-charts/real-charts.ts";

const checkout = { time: new Date("2026-03-01T12:34:56Z"), level: 9 };
const charts = await realCharts(checkout);

/** What is known of one package. */
interface Judged {
  entries: Map<string, Buffer>;
  /** What helm says of it. */
  shown: HelmAnswer;
  rendered: HelmAnswer;
}

/** Our package of a chart and helm's own. */
interface Both {
  packaged: PackagedChart;
  /** Name of both files. */
  file: string;
  ours: Judged;
  helms: Judged;
}

let root = "";
const packages = new Map<string, Both>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "helm-packages-"));
  const all = await withHelm((helm) =>
    Promise.all(charts.map(async (chart) => [chart.name, await judge(helm, chart)] as const)),
  );
  for (const [name, judged] of all ?? []) {
    packages.set(name, judged);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Packages a chart here and with the real helm, and has helm read both packages. */
async function judge(helm: Helm, chart: RealChart): Promise<Both> {
  const folder = join(root, "charts", chart.name);
  await writeChart(folder, chart, checkout);
  const packaged = await packageChart(folder);
  expect(packaged.mistakes).toEqual([]);
  const { name, version } = packaged.chart!.metadata;
  const file = `${name}-${version}.tgz`;
  await mkdir(join(root, "ours"), { recursive: true });
  await writeFile(join(root, "ours", file), packaged.chart!.bytes);
  expect(await helm.run(["package", folder, "--destination", join(root, "helms")], { cwd: root })).toMatchObject({
    isDone: true,
  });
  const [ours, helms] = await Promise.all(["ours", "helms"].map((place) => readPackage(helm, join(root, place), file)));
  return { packaged: packaged.chart!, file, ours: ours!, helms: helms! };
}

async function readPackage(helm: Helm, cwd: string, file: string): Promise<Judged> {
  const [shown, rendered] = await Promise.all([
    helm.run(["show", "all", file], { cwd }),
    helm.run(["template", "release", file, "--include-crds"], { cwd }),
  ]);
  return { entries: await packageEntries(await readFile(join(cwd, file))), shown, rendered };
}

/** Its files by their names. helm writes Chart.yaml and Chart.lock anew, so that of these only what they say can be the same. */
function content(entries: Map<string, Buffer>): Record<string, unknown> {
  const meaning = (path: string, bytes: Buffer): unknown => {
    switch (basename(path)) {
      case "Chart.yaml":
        // A chart for Helm 2 may have none.
        return readChartYaml(/^\W*apiVersion:/m.test(bytes.toString()) ? bytes.toString() : `apiVersion: v1\n${bytes}`);
      case "Chart.lock":
        return readChartLock("Chart.lock", bytes.toString());
      default:
        return bytes.toString("latin1");
    }
  };
  return Object.fromEntries([...entries].map(([path, bytes]) => [path, meaning(path, bytes)]));
}

describe("packageChart, beside helm's own package", () => {
  it.each(charts.map(({ name }) => name))("has the same files with the same bytes: %s", (name) => {
    const { ours, helms } = packages.get(name)!;
    expect([...ours.entries.keys()].toSorted()).toEqual([...helms.entries.keys()].toSorted());
    expect(content(ours.entries)).toEqual(content(helms.entries));
  });

  it.each(charts.map(({ name }) => name))("is shown and rendered in the same way: %s", (name) => {
    const { ours, helms } = packages.get(name)!;
    expect(helms.shown).toMatchObject({ isDone: true, stdout: expect.stringContaining(`name: ${name}\n`) });
    expect(ours.shown).toEqual(helms.shown);
    expect(helms.rendered.isDone).toBe(name !== "common");
    expect(ours.rendered).toEqual(helms.rendered);
  });
});

describe("writeChartManifest, beside what helm pushes", () => {
  it("has the digest that helm makes of our package, and helm finds the chart by it", async () => {
    const registry = await startDistribution({ folder: join(root, "registry"), allowDelete: false, secret: "a" });
    try {
      const repository = `oci://127.0.0.1:${registry.port}/charts`;
      const pushed = await withHelm((helm) =>
        Promise.all([...packages.values()].map((both) => push(helm, both, repository))),
      );
      expect(pushed).toEqual(
        [...packages.values()].map(({ packaged: { metadata, bytes } }) => {
          const layer = { digest: computeDigest(bytes), size: bytes.length };
          const { digest } = writeChartManifest(metadata, layer, { created: "2023-11-14T22:13:20Z" });
          return { digest, shown: expect.stringContaining(`name: ${metadata.name}\n`) };
        }),
      );
    } finally {
      await registry.close();
    }
  });
});

/** Has helm push our package. @returns the digest that helm gave it, and what helm shows of the chart by that digest */
async function push(helm: Helm, { packaged, file }: Both, repository: string) {
  const run = (...args: string[]): Promise<HelmAnswer> =>
    helm.run([...args, "--plain-http"], { cwd: join(root, "ours"), env: { TZ: "UTC" } });
  // helm writes the time of the file into the manifest.
  await utimes(join(root, "ours", file), 1_700_000_000, 1_700_000_000);
  const { stdout, stderr } = await run("push", file, repository);
  const digest = /^Digest: (\S+)$/m.exec(`${stdout}\n${stderr}`)?.[1];
  const { stdout: shown } = await run("show", "chart", `${repository}/${packaged.metadata.name}@${digest}`);
  return { digest, shown };
}
