import { configurationError } from "../errors/configuration-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import { observeOrigin } from "../observe/published/origin.ts";
import { observeChartSet } from "../observe/source/chart-set.ts";
import { versionTag } from "../plan/artifact/artifact-plan.ts";
import { beforeText } from "../plan/notes/before-text.ts";
import type { ChartOrigin } from "../plan/notes/before-text.ts";
import { expandChartSet } from "../plan/project/chart-set.ts";
import { sigstoreOf } from "../plan/release/release.ts";
import { signingOf } from "../plan/release/signing.ts";
import { readSpec } from "../config/release/read-spec.ts";
import type { ReadProject, ReadUnit } from "../config/release/release-spec.ts";
import { Misuse } from "./command-line/misuse.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { configFileOf, readStackConfig } from "./stack/stack-config.ts";

/**
 * `npm run before`: prints the `before` of a chart set, for charts that another tool published until now. Reads the charts' folders and the
 * registry, and writes nothing.
 * @returns 0
 * @throws Misuse; ReleaseError CONFIGURATION_INVALID, or what the registry refused
 */
export async function before(args: readonly string[]): Promise<number> {
  const { values } = readArguments("before", args);
  const file = configFileOf(values);
  if (file === undefined) {
    throw new Misuse("before", ["Whose charts? Name a configuration with --config-file or --stack."]);
  }
  const project = await readCharts(file);
  const origins = project.units.flatMap((unit) => (unit.chart ? [originOf(project, unit, unit.chart.name)] : []));
  process.stdout.write(`${shownLines(beforeText(await Promise.all(origins)))}\n`);
  return 0;
}

/** The project with a unit for every chart of its set, also for those that `before` lists now. */
async function readCharts(file: string): Promise<ReadProject> {
  const read = readSpec(await readStackConfig(file), process.env);
  const { workspace, charts } = read.outline;
  if (read.mistakes.length === 0 && charts === undefined) {
    throw new Error("The configuration has no chart set (`charts: charts/*`), so there is nothing to list.");
  }
  const found = await observeChartSet(workspace, charts, read.pathOf);
  const all = { ...read, outline: { ...read.outline, charts: charts && { ...charts, before: {} } } };
  const { spec, mistakes, pathOf } = expandChartSet(all, found);
  const unversioned = (spec?.units ?? []).flatMap(({ chart, version }, index) =>
    chart && version === undefined ? [pathOf(["units", index, "version"])] : [],
  );
  const wrong = [
    ...mistakes,
    ...unversioned.map((path) => ({ path, reason: "cannot be read", example: "`helm lint` shows why" })),
  ];
  if (spec === undefined || wrong.length > 0) {
    throw configurationError(wrong);
  }
  return spec;
}

async function originOf(
  project: ReadProject,
  { artifacts, version = "", tags, signing }: ReadUnit,
  chart: string,
): Promise<ChartOrigin> {
  const [artifact] = artifacts;
  if (artifact === undefined) {
    throw new Error("a unit of a chart set has one artifact");
  }
  const { ociRepository } = artifact;
  const { repository } = project;
  const origin = await observeOrigin({
    repository,
    ociRepository,
    tag: versionTag(artifact, version, tags.prefix),
    signing: signingOf(signing, version, repository),
    sigstore: sigstoreOf(project),
  });
  return { chart, version, ociRepository, origin };
}
