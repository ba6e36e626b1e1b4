import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import type { PackagedChart } from "../packaged-chart.ts";
import { readFailure, readLintReport } from "./helm-words.ts";
import type { LintReport } from "./helm-words.ts";
import type { Helm } from "./helm.ts";
import { chooseKubeVersion } from "./kube-version.ts";

/** A package that lies ready for helm, with the values to try it with. */
export interface StagedChart {
  /** Absolute: a part of helm's own folder. */
  folder: string;
  /** The package's file in it: `app-1.2.3.tgz`. */
  file: string;
  /** A library has nothing to render. */
  isLibrary: boolean;
  /** Paths below `folder`, sorted: `ci/test-values.yaml`. Empty if the chart is tried with its own defaults only. */
  values: readonly string[];
  /** Links among these, which may lead anywhere: helm is not given them. */
  links: readonly string[];
  /** Version of Kubernetes to render for; undefined for helm's own. */
  kubeVersion: string | undefined;
}

/**
 * Writes a chart's package to a folder of helm's, and beside it the values in the chart's ci folder: chart-testing's `ci/*-values.yaml`.
 * These come from the work tree, because .helmignore mostly leaves them out of the package.
 * Source: https://github.com/helm/chart-testing, doc/ct_lint.md.
 * @param chart the package that is judged: not the work tree, which may have more files
 * @param folder of the chart in the work tree
 */
export async function stageChart(
  helm: Pick<Helm, "folder">,
  { metadata: { name, version, type, kubeVersion }, bytes }: PackagedChart,
  folder: string,
): Promise<StagedChart> {
  const place = await mkdtemp(join(helm.folder, "chart-"));
  const file = `${name}-${version}.tgz`;
  await writeFile(join(place, file), bytes);
  const entries = (await entriesOf(join(folder, "ci"))).filter((entry) => entry.name.endsWith("-values.yaml"));
  const named = (kept: readonly Dirent[]): string[] => kept.map((entry) => `ci/${entry.name}`).toSorted();
  const values = named(entries.filter((entry) => entry.isFile()));
  await mkdir(join(place, "ci"));
  for (const one of values) {
    await writeFile(join(place, one), await readFile(join(folder, one)));
  }
  return {
    folder: place,
    file,
    isLibrary: type === "library",
    values,
    links: named(entries.filter((entry) => entry.isSymbolicLink())),
    kubeVersion: chooseKubeVersion(kubeVersion),
  };
}

/**
 * Lints a chart. Most errors of its templates are found as well, but not what `required` and `fail` refuse.
 * @param values one of the chart's `values`; undefined for its defaults
 */
export async function lintChart(helm: Helm, chart: StagedChart, values?: string): Promise<LintReport> {
  return readLintReport(
    await helm.run(["lint", "--quiet", ...flagsOf(chart, values)], { cwd: chart.folder }),
    helm.folder,
  );
}

/**
 * Renders a chart as `helm template` does, for no cluster. Not for a library: helm refuses it.
 * @param values as in lintChart()
 * @returns the manifests as one YAML stream, or why helm refused
 */
export async function renderChart(
  helm: Helm,
  chart: StagedChart,
  values?: string,
): Promise<{ text: string } | { refused: string }> {
  const { isDone, stdout, stderr } = await helm.run(["template", "release", ...flagsOf(chart, values)], {
    cwd: chart.folder,
  });
  return isDone ? { text: stdout } : { refused: readFailure(stderr, helm.folder) };
}

function flagsOf({ file, kubeVersion }: StagedChart, values: string | undefined): string[] {
  return [
    file,
    ...(values === undefined ? [] : ["--values", values]),
    ...(kubeVersion === undefined ? [] : ["--kube-version", kubeVersion]),
  ];
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return [];
    }
    throw error;
  });
}
