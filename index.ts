import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "./clients/github/github.ts";
import { configurationError } from "./errors/configuration-error.ts";
import { explained } from "./errors/explained.ts";
import { shownLines } from "./errors/shown-text.ts";
import { observeUnit } from "./observe/published/unit.ts";
import { hashAsset, observeFiles } from "./observe/source/files.ts";
import { sourceHashes } from "./observe/source/artifact/source-hash.ts";
import { observeWorkTree } from "./observe/source/workspace/work-tree.ts";
import { planProject } from "./plan/release/project.ts";
import { holdsSettings } from "./plan/organization/stack-owner.ts";
import { buildSources, planRelease, questionOf } from "./plan/release/release.ts";
import type { ReleasePlan } from "./plan/release/release.ts";
import { preflight } from "./programs/preflight.ts";
import { withoutSecondTrace } from "./resources/failed-resource.ts";
import { ownOutputs } from "./resources/own-outputs.ts";
import { ReleaseTrain } from "./resources/release/release-train.ts";
import type { ReleasedUnit } from "./resources/release/release-train.ts";
import { isOrganization } from "./config/organization/organization.ts";
import { readSpec } from "./config/release/read-spec.ts";

withoutSecondTrace();
const stack = pulumi.runtime.allConfig();
const releases = await (isOrganization(stack) ? settings(stack) : plannedReleases(stack)).catch((error: unknown) => {
  throw pulumi.RunError.isInstance(error) ? error : new pulumi.RunError(explained(error, "planning this run").message);
});

/** The outputs of the stack. */
interface StackOutputs {
  /** Every unit of this run, by name: version, revision, artifacts with their digests, the Release's page. None in an organization's stack. */
  units: Record<string, ReleasedUnit>;
  /** Whose settings this stack holds: another file that is given to the stack later is refused by it. Not there if the stack releases. */
  organization?: string;
}

const outputs: StackOutputs = {
  units: Object.fromEntries(releases.map((plan) => [plan.unit, new ReleaseTrain(plan).released])),
};
const organization = isOrganization(stack) ? stack["lockstep:organization"] : undefined;
if (organization !== undefined) {
  outputs.organization = organization;
}

// Pulumi warns in each run of an export that is undefined, and a module cannot leave out one that has a name.
export default outputs;

/** Loaded only where it is needed: the GitHub provider's package takes as long to load as all the rest. */
async function settings(config: Readonly<Record<string, string>>): Promise<[]> {
  return (await import("./programs/organization.ts")).declareOrganization(config);
}

/** config → source → plan → published → plan. Everything that can be refused is refused here, before any resource exists. */
async function plannedReleases(config: Readonly<Record<string, string>>): Promise<ReleasePlan[]> {
  const { GITHUB_REF_TYPE, GITHUB_REF_NAME } = process.env;
  const read = readSpec(config, process.env);
  const [tree, files] = await Promise.all([
    observeWorkTree(read.outline.workspace),
    observeFiles(read.outline, read.pathOf),
  ]);
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
  const plans = await Promise.all(
    project.units.map(async (unit) => {
      const [published, assets, sources] = await Promise.all([
        observeUnit(questionOf(project, unit)),
        Promise.all(unit.files.assets.map((file) => hashAsset(project.workspace, file))),
        sourceHashes(buildSources(project, unit)),
      ]);
      return planRelease(project, unit, published, assets, sources, gitHubWeb(), before.units[unit.name]);
    }),
  );
  await preflight(project, plans);
  return plans;
}
