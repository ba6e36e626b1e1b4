import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "../clients/github/github.ts";
import { readWriteLimits } from "../clients/github/pace.ts";
import { readSpec } from "../config/release/read-spec.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import { observeUnit } from "../observe/published/unit.ts";
import { sourceHashes } from "../observe/source/artifact/artifact-sources.ts";
import { hashAsset } from "../observe/source/assets.ts";
import { observeChartSet } from "../observe/source/chart-set.ts";
import { observeFiles } from "../observe/source/files.ts";
import { observeWorkTree } from "../observe/source/workspace/work-tree.ts";
import { holdsSettings } from "../plan/organization/stack-owner.ts";
import { expandChartSet } from "../plan/release/chart-set.ts";
import { planProject } from "../plan/release/project.ts";
import { describeReleaseTime } from "../plan/release/release-time.ts";
import { planRelease, questionOf } from "../plan/release/release.ts";
import type { ReleasePlan } from "../plan/release/release.ts";
import { unitDescents } from "../plan/release/unit-commit.ts";
import { ownOutputs } from "../resources/own-outputs.ts";
import { ReleaseTrain } from "../resources/release/release-train.ts";
import type { ReleasedUnit } from "../resources/release/release-train.ts";
import { observeAncestry } from "./ancestry.ts";
import { preflight } from "./preflight.ts";

/** The outputs of a stack. */
export interface StackOutputs {
  /** Every unit of this run, by name: version, revision, artifacts with their digests, the Release's page. None in an organization's stack. */
  units: Record<string, ReleasedUnit>;
  /** Whose settings the stack holds: a later file of another owner is refused. Left out of a stack that releases. */
  organization?: string;
}

/**
 * The program of a stack that releases: config → source → plan → published → plan → graph.
 * @param config keys with namespace ("lockstep:units") and values as text
 * @throws ReleaseError before any resource exists, with everything that can be refused at that point
 */
export async function release(config: Readonly<Record<string, string>>): Promise<StackOutputs> {
  const plans = await plannedReleases(config);
  return { units: Object.fromEntries(plans.map((plan) => [plan.unit, new ReleaseTrain(plan).released])) };
}

async function plannedReleases(config: Readonly<Record<string, string>>): Promise<ReleasePlan[]> {
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
  const versions = await Promise.all(
    project.units.map(async (unit) => {
      const hashes = await sourceHashes(project.workspace, unit.spec.artifacts);
      const question = questionOf(project, unit, hashes);
      const [published, assets] = await Promise.all([
        observeUnit(question),
        Promise.all(unit.files.assets.map((file) => hashAsset(project.workspace, file))),
      ]);
      return { project, unit, published, assets, sourceHashes: hashes, signing: question.signing };
    }),
  );
  const ancestry = await observeAncestry(project, versions.flatMap(unitDescents));
  const web = gitHubWeb();
  const plans = versions.map((version) =>
    planRelease({ ...version, ancestry, web, before: before.units[version.unit.name] }),
  );
  await preflight(project, plans);
  const time = describeReleaseTime(plans, readWriteLimits());
  if (time !== undefined) {
    void pulumi.log.info(`This release takes ${time}.`);
  }
  return plans;
}
