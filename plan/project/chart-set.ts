import { posix } from "node:path";
import { joinArtifacts, joinOutlinedArtifacts } from "../../config/artifact/artifact-kinds.ts";
import { chartName, nameCharts } from "../../config/artifact/chart-names.ts";
import { Name, OciRepository } from "../../config/names.ts";
import { namePlace } from "../../config/release/chart-set.ts";
import type { ChartSet, SetChart } from "../../config/release/chart-set.ts";
import { conflicts } from "../../config/release/consistency.ts";
import { pinMistakes } from "../../config/release/pin-consistency.ts";
import type { Lenient } from "../../config/lenient.ts";
import type { Outline, OutlinedUnit } from "../../config/release/outline.ts";
import type { ReadSpec } from "../../config/release/read-spec.ts";
import type { ReadUnit } from "../../config/release/release-spec.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { isGitRefName } from "../../formats/release/tag-pattern.ts";
import type { FoundChart } from "../../observe/source/chart-set.ts";
import type { Observed } from "../../observe/source/workspace/observed.ts";
import { setPath } from "./chart-set-path.ts";
import { defaultName } from "./named-units.ts";

/** A chart of the set that this run leaves alone: no unit is made of it. */
export interface LeftChart {
  name: string;
  version: string;
  /** `before`: another tool published this version, as the configuration says. `skipped`: 0.0.0, which is never released. */
  why: "before" | "skipped";
}

/** A configuration whose chart set has become units, behind those that stand in it. */
export interface ExpandedSpec extends ReadSpec {
  /** Charts of the set that are no units, in the order of their folders. */
  left: LeftChart[];
}

/** A chart of the set with what is made of the set's templates. */
interface NamedChart extends FoundChart {
  name: string;
  /** The name of its unit: the chart's own, unless a unit of the configuration has it. */
  unit: string;
  /** Where it is pushed; undefined if that cannot be read. */
  repository: string | undefined;
  tag: string;
}

/**
 * Makes a unit of each chart of a chart set, so that everything that follows sees units alone. Each has the name and the version of its
 * chart, and one artifact. If the configuration has a unit of that name, or an image, its own is `NAME-chart`. A chart of version 0.0.0 becomes none, nor does one whose version is listed in `before`.
 * @param read the configuration
 * @param charts what observeChartSet() found
 * @returns the configuration with these units, and with paths in messages that lead to the set's keys or to Chart.yaml. No `spec` if there
 * is a mistake in it or in the set
 */
export function expandChartSet(read: ReadSpec, { found, mistakes: unmatched }: Observed<FoundChart[]>): ExpandedSpec {
  const { outline, spec } = read;
  if (outline.charts === undefined) {
    return { ...read, left: [] };
  }
  const set = outline.charts;
  const named = readNames(found, outline, set);
  const left = named.charts.flatMap((chart) => leftAlone(chart, set) ?? []);
  const charts = named.charts.filter((chart) => leftAlone(chart, set) === undefined);
  const pathOf = setPath(
    read,
    charts.map(({ folder }) => folder),
  );
  const expanded: Outline = {
    ...outline,
    units: nameCharts([...outline.units, ...charts.map((chart) => outlined(chart, set))]),
  };
  const mistakes = [
    ...read.mistakes,
    ...unmatched,
    ...named.mistakes,
    ...unknownCharts(set, named.charts, pathOf),
    ...templateMistakes(set, charts, pathOf),
    ...setConflicts(read, expanded, pathOf),
  ];
  const written = spec?.charts;
  return {
    spec:
      spec && written && mistakes.length === 0
        ? { ...spec, units: nameCharts([...spec.units, ...charts.map((chart) => unitOf(chart, written))]) }
        : undefined,
    outline: expanded,
    mistakes,
    pathOf,
    left,
  };
}

/** Names each chart by its folder. One name is one address and one git tag, so that a second chart of it is a mistake. */
function readNames(
  found: readonly FoundChart[],
  outline: Outline,
  set: Lenient<ChartSet>,
): { charts: NamedChart[]; mistakes: Mistake[] } {
  const charts: NamedChart[] = [];
  const mistakes: Mistake[] = [];
  const units = new Set(unitNames(outline));
  for (const one of found) {
    const name = posix.basename(one.folder);
    const twin = charts.find((chart) => chart.name === name);
    const { error } = Name.safeParse(name);
    const reason = twin ? `is also the name of the chart in ${twin.folder}` : error?.issues[0]?.message;
    if (reason === undefined) {
      const repository = repositoryTemplate(outline, set)?.replace(namePlace, name);
      const tag = (set.tag ?? defaultTag).replaceAll(namePlace, name);
      charts.push({ ...one, name, unit: chartName(name, units), repository, tag });
    } else {
      const example = "another name, for the chart and for its folder";
      mistakes.push({ path: `${one.folder}/Chart.yaml: name`, value: name, reason, example });
    }
  }
  return { charts, mistakes };
}

/** In place of a tag that is wrong. */
const defaultTag = `${namePlace}-v{version}`;

/** A tag that no unit has by default. */
const freeTag = `charts/${namePlace}/v{version}`;

function repositoryTemplate({ repository, registry }: Outline, set: Lenient<ChartSet>): string | undefined {
  if (set.repository !== undefined) {
    return set.repository;
  }
  const [owner] = repository?.toLowerCase().split("/") ?? [];
  return owner === undefined || registry === undefined ? undefined : `${registry}/${owner}/charts/${namePlace}`;
}

function leftAlone({ name, version }: NamedChart, { before }: Lenient<ChartSet>): LeftChart | undefined {
  if (version === "0.0.0") {
    return { name, version, why: "skipped" };
  }
  return version !== undefined && before?.[name] === version ? { name, version, why: "before" } : undefined;
}

function outlined(chart: NamedChart, set: Lenient<ChartSet>): OutlinedUnit {
  const { folder, name, version, repository, tag, artifactHub } = chart;
  const tags = { git: tag, prefix: "" };
  const unit = { name: chart.unit, version, tags, license: set.license, signing: set.signing };
  const joined = joinOutlinedArtifacts({
    ...unit,
    lineage: true,
    charts: [
      {
        path: folder,
        repository,
        artifactHub,
        pins: set.pins?.[name],
        appVersion: set.appVersion?.[name],
        dependencies: set.dependencies,
      },
    ],
  });
  return { ...joined, chart: setChart(chart, set) };
}

function unitOf(chart: NamedChart, set: ChartSet): ReadUnit {
  const { folder, name, version, repository = "", tag, artifactHub } = chart;
  const lists = {
    images: [],
    charts: [
      {
        path: folder,
        repository,
        artifactHub,
        pins: set.pins?.[name],
        appVersion: set.appVersion?.[name],
        dependencies: set.dependencies,
      },
    ],
    assets: [],
  };
  const { license, signing } = set;
  const joined = joinArtifacts({
    name: chart.unit,
    version,
    tags: { git: tag, prefix: "" },
    license,
    signing,
    ...lists,
    lineage: true,
  });
  return { ...joined, chart: setChart(chart, set) };
}

function setChart({ name, folder }: NamedChart, { latest = false }: Lenient<ChartSet>): SetChart {
  return { name, folder, latest };
}

/** The names that units have in a release. */
function unitNames({ repository, units }: Outline): (string | undefined)[] {
  return units.map(({ name }) => name ?? (repository === undefined ? undefined : defaultName(repository)));
}

/** What a chart and a unit of the configuration cannot both have, and pins of what is not there. What two units of the configuration cannot is known already. */
function setConflicts(
  { outline, pathOf: written }: ReadSpec,
  expanded: Outline,
  pathOf: ReadSpec["pathOf"],
): Mistake[] {
  const known = new Set([...conflicts(outline, written), ...pinMistakes(outline, written)].map(({ path }) => path));
  const names = unitNames(expanded);
  const units = expanded.units.map((unit, index) => ({ ...unit, name: names[index] }));
  const all = { ...expanded, units };
  return [...conflicts(all, pathOf), ...pinMistakes(all, pathOf)]
    .filter(({ path }) => !known.has(path))
    .map((mistake) => {
      const isName = mistake.path.endsWith("/Chart.yaml: name");
      const isTag = mistake.path === pathOf(["charts", "tag"]);
      const otherTag = (outline.charts?.tag ?? defaultTag) === defaultTag ? freeTag : defaultTag;
      const example = isName ? `\`name: ${String(mistake.value)}-app\` for the other one` : `\`${otherTag}\``;
      return isName || isTag ? { ...mistake, example } : mistake;
    });
}

/** Charts that the set's keys name and that are not in it. */
function unknownCharts(set: Lenient<ChartSet>, charts: readonly NamedChart[], pathOf: ReadSpec["pathOf"]): Mistake[] {
  const names = charts.map(({ name }) => name);
  return (["before", "pins", "appVersion"] as const).flatMap((key) =>
    Object.entries(set[key] ?? {}).flatMap(([name, value]) =>
      names.includes(name)
        ? []
        : [
            {
              path: pathOf(["charts", key, name]),
              value,
              reason: "is not a chart of the set",
              example: `one of ${names.join(", ")}`,
            },
          ],
    ),
  );
}

/** What a chart's name makes of the templates: an address that is too long, a tag that git refuses. */
function templateMistakes(
  set: Lenient<ChartSet>,
  charts: readonly NamedChart[],
  pathOf: ReadSpec["pathOf"],
): Mistake[] {
  return charts.flatMap(({ name, repository, tag }) => {
    const { error } = repository === undefined ? {} : OciRepository.safeParse(repository);
    return [
      ...(error?.issues.map(({ message }) => ({
        path: pathOf(["charts", "repository"]),
        value: repository,
        reason: `of the chart ${name} ${message}`,
        example: "`ghcr.io/acme/charts/{name}`",
      })) ?? []),
      ...(set.tag === undefined || isGitRefName(tag.replace("{version}", "1.0.0"))
        ? []
        : [
            {
              path: pathOf(["charts", "tag"]),
              value: tag,
              reason: `of the chart ${name} makes no valid git tag name`,
              example: `\`${defaultTag}\``,
            },
          ]),
    ];
  });
}
