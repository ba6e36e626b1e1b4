import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "../clients/github/github.ts";
import { readWriteLimits } from "../clients/github/pace.ts";
import { readSpec } from "../config/release/read-spec.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { ReleaseError } from "../errors/release-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import type { UnitOutputs } from "../formats/release/unit-outputs.ts";
import { observeUnit } from "../observe/published/unit.ts";
import { sourceHashes } from "../observe/source/artifact/artifact-sources.ts";
import { hashAsset } from "../observe/source/assets.ts";
import { observeChartSet } from "../observe/source/chart-set.ts";
import { observeFiles } from "../observe/source/files.ts";
import { observeWorkTree } from "../observe/source/workspace/work-tree.ts";
import { holdsSettings } from "../plan/organization/stack-owner.ts";
import { expandChartSet } from "../plan/project/chart-set.ts";
import { writeSummary } from "../plan/notes/summary.ts";
import { readUnitOutputs } from "../formats/release/unit-outputs.ts";
import { chartTable } from "../plan/release/chart-table.ts";
import type { PlannedUnit } from "../plan/release/chart-table.ts";
import type { Ancestry } from "../plan/published/ancestry.ts";
import { planProject } from "../plan/project/project.ts";
import type { ProjectPlan, UnitPlan } from "../plan/project/project.ts";
import { describeReleaseTime } from "../plan/release/release-time.ts";
import { planRelease, questionOf } from "../plan/release/release.ts";
import type { ReleasePlan, ReleaseQuestion } from "../plan/release/release.ts";
import { unitDescents } from "../plan/published/unit-commit.ts";
import type { PublishedVersion } from "../plan/published/unit-commit.ts";
import { ownOutputs } from "../resources/own-outputs.ts";
import type { ReleasedUnit } from "../resources/release/release-train.ts";
import { releaseTrains } from "../resources/release/release-trains.ts";
import { observeAncestry } from "./ancestry.ts";
import { pinCharts } from "./pinned-charts.ts";
import { preflight } from "./preflight.ts";

/** The outputs of a stack. */
export interface StackOutputs {
  /** Every unit of this run, by name: version, revision, artifacts with their digests, the Release's page. None in an organization's stack. */
  units: Record<string, ReleasedUnit>;
  /**
   * What was released, for people, in Markdown: with what became of each chart of a chart set. Only of a stack that releases charts: it says
   * what the last run did, so that a later one has another.
   */
  summary?: pulumi.Output<string>;
  /** Whose settings the stack holds: a later file of another owner is refused. Left out of a stack that releases. */
  organization?: string;
}

/**
 * The program of a stack that releases: config → source → plan → published → plan → graph.
 * @param config keys with namespace ("lockstep:units") and values as text
 * @throws ReleaseError before any resource exists, with everything that can be refused at that point
 */
export async function release(config: Readonly<Record<string, string>>): Promise<StackOutputs> {
  const { plans, charts } = await plannedReleases(config);
  const units = releaseTrains(plans);
  const hasCharts =
    charts !== undefined || plans.some(({ artifacts }) => artifacts.some(({ kind }) => kind === "chart"));
  return hasCharts ? { units, summary: summaryOf(units, charts) } : { units };
}

/** Known when every unit is released. */
function summaryOf(units: StackOutputs["units"], charts: string | undefined): pulumi.Output<string> {
  return pulumi.output(units).apply((released) => writeSummary({ units: readUnitOutputs(released), charts }));
}

/** What a run is to release. */
interface PlannedReleases {
  plans: ReleasePlan[];
  /** What it does with each chart of the chart set, as a Markdown table; undefined if there is no set. */
  charts: string | undefined;
}

async function plannedReleases(config: Readonly<Record<string, string>>): Promise<PlannedReleases> {
  const { GITHUB_REF_TYPE, GITHUB_REF_NAME } = process.env;
  const written = readSpec(config, process.env);
  const { workspace, charts } = written.outline;
  const read = expandChartSet(written, await observeChartSet(workspace, charts, written.pathOf));
  const [tree, files] = await Promise.all([observeWorkTree(workspace), observeFiles(read.outline, read.pathOf)]);
  const project = planProject(read, tree, files, {
    preview: pulumi.runtime.isDryRun(),
    startedFor: GITHUB_REF_TYPE === "tag" ? GITHUB_REF_NAME : undefined,
  });
  for (const warning of project.warnings) {
    void pulumi.log.warn(shownLines(warning));
  }
  for (const { unit, why } of project.skipped) {
    void pulumi.log.info(`${unit} is not released in this run: ${why}`);
  }

  const before = await ownOutputs();
  if (before.organization !== undefined) {
    throw configurationError([holdsSettings(before.organization)]);
  }
  const found = await Promise.all(project.units.map((unit) => observePublished(project, unit)));
  const pinned = await pinCharts(
    project,
    found.flatMap((one) => ("version" in one ? [one.version] : [])),
  );
  const observed = found.map((one) => pinned.find(({ unit }) => unit === one.unit) ?? one);
  const readable = observed.flatMap((one) => ("version" in one ? [one.version] : []));
  const ancestry = await observeAncestry(project, readable.flatMap(unitDescents));
  const planned = observed.map((one) => planUnit(one, ancestry, before.units[one.unit]));
  const table = chartTable(project, planned);
  if (table !== undefined) {
    void pulumi.log.info(shownLines(table));
  }
  const plans = requirePlans(planned);
  await preflight(project, plans);
  const time = describeReleaseTime(plans, readWriteLimits());
  if (time !== undefined) {
    void pulumi.log.info(`This release takes ${time}.`);
  }
  return { plans, charts: table };
}

type Version = Omit<ReleaseQuestion, "ancestry" | "web" | "before"> & PublishedVersion;

/** What is published of a unit's version, or why that cannot be known. A refusal of one unit does not hide those of the others. */
type ObservedVersion = { unit: string; version: Version } | { unit: string; refusal: ReleaseError };

async function observePublished(project: ProjectPlan, unit: UnitPlan): Promise<ObservedVersion> {
  const { name, spec, files } = unit;
  try {
    const hashes = await sourceHashes(project.workspace, spec.artifacts);
    const question = questionOf(project, unit, hashes);
    const [published, assets] = await Promise.all([
      observeUnit(question),
      Promise.all(files.assets.map((file) => hashAsset(project.workspace, file))),
    ]);
    const version = { project, unit, published, assets, sourceHashes: hashes, signing: question.signing };
    return { unit: name, version };
  } catch (error) {
    return { unit: name, refusal: requireRefusal(error) };
  }
}

function planUnit(observed: ObservedVersion, ancestry: Ancestry, before: UnitOutputs | undefined): PlannedUnit {
  const { unit } = observed;
  if ("refusal" in observed) {
    return observed;
  }
  try {
    return { unit, plan: planRelease({ ...observed.version, ancestry, web: gitHubWeb(), before }) };
  } catch (error) {
    return { unit, refusal: requireRefusal(error) };
  }
}

function requireRefusal(error: unknown): ReleaseError {
  if (error instanceof ReleaseError) {
    return error;
  }
  throw error;
}

/** @throws ReleaseError if one unit is refused; RunError with all refusals if several are */
function requirePlans(planned: readonly PlannedUnit[]): ReleasePlan[] {
  const refusals = planned.flatMap((one) => ("refusal" in one ? [one.refusal] : []));
  const [first, second] = refusals;
  if (first && second) {
    throw new pulumi.RunError(refusals.map(({ message }) => message).join("\n\n"));
  }
  if (first) {
    throw first;
  }
  return planned.flatMap((one) => ("plan" in one ? [one.plan] : []));
}
