import type { Mistake } from "../../errors/configuration-error.ts";
import { configurationError } from "../../errors/configuration-error.ts";
import { defaultTagPattern, tagName } from "../../formats/release/tag-pattern.ts";
import type { UnitFiles } from "../../observe/source/files.ts";
import type { ObservedWorkTree, WorkTree } from "../../observe/source/workspace/work-tree.ts";
import { countWritten } from "../../config/release/chart-set.ts";
import type { ReadSpec } from "../../config/release/read-spec.ts";
import type { ReadProject, ReadUnit } from "../../config/release/release-spec.ts";
import type { PinnedChart } from "../artifact/pinned-chart.ts";
import type { Observed } from "../../observe/source/workspace/observed.ts";
import { warnOfBuildMetadata } from "./build-metadata.ts";
import type { ExpandedSpec, LeftChart } from "./chart-set.ts";
import { namedUnits } from "./named-units.ts";
import type { NamedUnit } from "./named-units.ts";
import { warnOfPullRequests } from "./pull-request-refs.ts";
import { packedMistakes } from "./packed-artifacts.ts";
import { unitText } from "./unit-text.ts";
import { planVersion } from "./version.ts";
import type { VersionAnswer, VersionPlan } from "./version.ts";

/** A unit that is going to be released, before what is published has been observed. */
export interface UnitPlan {
  name: string;
  spec: ReadUnit;
  version: VersionPlan;
  /** `v{version}`. */
  tagPattern: string;
  files: UnitFiles;
  /** The text of the notes that comes from the workspace; undefined if there is none. */
  text: string | undefined;
  /** Of the charts into whose files something is written, by the name of the artifact. Default: none. */
  pinned?: Readonly<Record<string, PinnedChart>>;
  /** True for a unit whose stable Releases become GitHub's "Latest": the first one, or the charts of a chart set that says so. */
  latest: boolean;
}

/** What the configuration and the work tree ask for. */
export interface ProjectPlan {
  /** `owner/name`. */
  repository: string;
  workspace: string;
  /** Which Sigstore; paths relative to the workspace. */
  sigstore: ReadProject["sigstore"];
  /** Where GitHub keeps container packages. */
  packages: ReadProject["packages"];
  /** Whether provenance is also posted to GitHub's attestations API. */
  githubAttestations: ReadProject["githubAttestations"];
  /** Full commit id. */
  revision: string;
  /** Seconds since 1970. */
  commitTime: number;
  units: UnitPlan[];
  /** Every unit of the configuration, also those that this run does not release. */
  declared: NamedUnit[];
  /** Units that this run does not release, and why. */
  skipped: { unit: string; why: string }[];
  /** Charts of the chart set that no unit is made of; undefined if there is no chart set. */
  leftCharts: LeftChart[] | undefined;
  /** Problems that do not stop a preview. */
  warnings: string[];
  /** False in a preview of a dirty work tree: what would be built is not what a release would build. */
  buildOnPreview: boolean;
}

/** How the run was started. */
export interface RunKind {
  /** True in `pulumi preview`, and in the preview that `pulumi up` makes first. */
  preview: boolean;
  /** The tag that the run was started for; undefined if it was started for something else. */
  startedFor: string | undefined;
}

/**
 * Joins configuration, work tree and files to a plan.
 * @throws ReleaseError CONFIGURATION with every mistake of all three
 */
export function planProject(
  read: ExpandedSpec,
  tree: ObservedWorkTree,
  files: Observed<UnitFiles[]>,
  run: RunKind,
): ProjectPlan {
  const { spec, pathOf } = read;
  const { workTree } = tree;
  const changes = uncommitted(workTree, run);
  const versions = planVersions(read, workTree, run);
  const mistakes = [
    ...read.mistakes,
    ...tree.mistakes,
    ...files.mistakes,
    ...changes.mistakes,
    ...versions.flatMap((answer) => answer.mistakes),
  ];
  if (spec === undefined || workTree === undefined || mistakes.length > 0) {
    throw configurationError(mistakes);
  }
  const planned = planUnits(spec, files.found, versions, workTree.messages, pathOf);
  const warnings = [...warnOfPullRequests(spec.units, pathOf), ...warnOfBuildMetadata(planned.units)];
  if (planned.mistakes.length > 0) {
    throw configurationError(planned.mistakes);
  }
  return {
    repository: spec.repository,
    workspace: spec.workspace,
    sigstore: spec.sigstore,
    packages: spec.packages,
    githubAttestations: spec.githubAttestations,
    revision: workTree.commit,
    commitTime: workTree.commitTime,
    units: planned.units,
    declared: namedUnits(spec),
    skipped: [...planned.skipped, ...read.left.flatMap(neverReleased)],
    leftCharts: spec.charts && read.left,
    // The charts of a chart set are signed by one key of the configuration.
    warnings: [...new Set([...changes.warnings, ...warnings])],
    buildOnPreview: workTree.changed.length === 0,
  };
}

function neverReleased({ name, why }: LeftChart): ProjectPlan["skipped"] {
  return why === "skipped" ? [{ unit: name, why: "0.0.0 in Chart.yaml: never released" }] : [];
}

/** Changes that are not committed: a mistake in `up`, a warning in a preview, which may look at unfinished work. */
function uncommitted(
  workTree: WorkTree | undefined,
  { preview }: RunKind,
): { mistakes: Mistake[]; warnings: string[] } {
  const changed = workTree?.changed ?? [];
  if (changed.length === 0) {
    return { mistakes: [], warnings: [] };
  }
  if (preview) {
    const warning = `The work tree has changes that are not committed (${changed.join(", ")}): \`up\` will refuse it, and nothing is built now.`;
    return { mistakes: [], warnings: [warning] };
  }
  const mistake = {
    path: "git work tree",
    value: changed,
    reason: "has changes that are not committed, so the release would not be what its commit says",
    example: "`git stash`, or a commit; files that are made by a build belong into .gitignore",
  };
  return { mistakes: [mistake], warnings: [] };
}

/** A version for each unit of the outline, so that a wrong one is found beside every other mistake. */
function planVersions({ outline, pathOf }: ReadSpec, workTree: WorkTree | undefined, run: RunKind): VersionAnswer[] {
  const written = countWritten(outline.units);
  return outline.units.map((unit, index) =>
    planVersion({
      configured: unit.version,
      inChart: unit.chart !== undefined,
      tagPattern: unit.tags?.git ?? defaultTagPattern(written, unit.name),
      startedFor: run.startedFor,
      tagsAtHead: workTree?.tags ?? [],
      accepts: outline.accepts ?? "any",
      preview: run.preview,
      commit: workTree?.commit ?? "",
      path: pathOf(["units", index, "version"]),
    }),
  );
}

/**
 * The units that have a version. One unit of several is released by its own tag: the others then have no part in the run, not even in a
 * preview. A chart of a chart set always has a version, which says nothing about the other units.
 */
function planUnits(
  spec: ReadProject,
  files: readonly UnitFiles[],
  versions: readonly VersionAnswer[],
  messages: WorkTree["messages"],
  pathOf: ReadSpec["pathOf"],
): Pick<ProjectPlan, "units" | "skipped"> & { mistakes: Mistake[] } {
  const isNamed = versions.some(({ plan }, index) => plan && !plan.provisional && !spec.units[index]?.chart);
  const mistakes: Mistake[] = [];
  const skipped: ProjectPlan["skipped"] = [];
  const units: UnitPlan[] = [];
  for (const [index, { name, tagPattern, unit }] of namedUnits(spec).entries()) {
    const version = versions[index]?.plan;
    const unitFiles = files[index];
    if (version === undefined || unitFiles === undefined || (version.provisional && isNamed)) {
      skipped.push({ unit: name, why: `no version: no tag of the form \`${tagPattern}\` is at HEAD` });
      continue;
    }
    const tag = tagName(tagPattern, version.version);
    const read = unitText(unit, unitFiles, version, { name: tag, message: messages.get(tag) }, (key) =>
      pathOf(["units", index, "notes", key]),
    );
    mistakes.push(...read.mistakes);
    mistakes.push(...packedMistakes(unit, unitFiles, version, (path) => pathOf(["units", index, ...path])));
    const latest = unit.chart?.latest ?? index === 0;
    units.push({ name, spec: unit, version, tagPattern, files: unitFiles, text: read.text, latest });
  }
  if (units.length === 0 && spec.charts === undefined) {
    const pattern = namedUnits(spec)[0]?.tagPattern ?? "";
    mistakes.push(noVersion(skipped, pattern, pathOf(["units", 0, "version"])));
  }
  return { units, skipped, mistakes };
}

function noVersion(skipped: ProjectPlan["skipped"], pattern: string, path: string): Mistake {
  return {
    path,
    reason:
      skipped.length === 1
        ? (skipped[0]?.why ?? "")
        : `no unit has one: ${skipped.map(({ unit, why }) => `${unit} (${why})`).join(", ")}`,
    example: `\`git tag ${tagName(pattern, "1.2.3")}\` on the commit, or \`${path}: 1.2.3\` in the configuration`,
  };
}
