import { posix } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "../clients/github/github.ts";
import { runSigner } from "../clients/sigstore/run-signer.ts";
import type { Mistake } from "../errors/configuration-error.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { isCommitThere } from "../observe/published/commit.ts";
import { observeImmutability } from "../observe/published/immutability.ts";
import { observePackageAccess } from "../observe/published/packages/package-access.ts";
import type { ObservedAccess } from "../observe/published/packages/package-access.ts";
import { judgeCharts } from "../observe/source/artifact/chart-judgement.ts";
import { hasSigningToken } from "../observe/source/signing-token.ts";
import { releasingJobs } from "../observe/source/workspace/workflow-file.ts";
import { ReleaseError } from "../errors/release-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import type { ProjectPlan } from "../plan/project/project.ts";
import { warnOfBuildMetadata } from "../plan/preflight/build-metadata.ts";
import { refuseOtherKinds } from "../plan/preflight/other-kinds.ts";
import { trialEdits } from "../plan/artifact/pinned-chart.ts";
import { judgePushAccess, judgeUnreadable } from "../plan/preflight/push-access.ts";
import { judgeReadiness } from "../plan/preflight/readiness.ts";
import type { ReleasePlan } from "../plan/release/release.ts";
import { judgeWorkflow, neededPermissions } from "../plan/preflight/workflow-permissions.ts";

/**
 * Looks for everything that would refuse a release in its middle, before anything is built: the commit on GitHub, who this run signs as, what
 * its workflow's token may do, whether every repository takes a push, and what helm says of the charts. What is published already needs nothing
 * of it.
 * @throws RunError with all refusals at once, in `up`, and in a preview unless the cause is the preview's own token
 */
export async function preflight(project: ProjectPlan, plans: readonly ReleasePlan[]): Promise<void> {
  const open = plans.filter(({ published }) => !published);
  if (open.length === 0) {
    return;
  }
  const access = observeAccess(project, open);
  const looks = await Promise.allSettled([
    readiness(project, open),
    workflowPermissions(project, open),
    packageAccess(project, open, access),
    repositoryContent(open, access),
    immutability(project),
    chartsForHelm(project, open),
  ]);
  // Also beside a refusal: a permission that the job does not have is often its cause.
  for (const look of looks) {
    if (look.status === "fulfilled") {
      for (const what of look.value) {
        void pulumi.log.warn(shownLines(what));
      }
    }
  }
  const refusals = looks.flatMap((look) => (look.status === "rejected" ? [look.reason as unknown] : []));
  const messages = refusals.map((refusal) => {
    if (!(refusal instanceof ReleaseError)) {
      throw refusal;
    }
    return refusal.message;
  });
  if (messages.length > 0) {
    // Two looks share one observation, and so its failure.
    throw new pulumi.RunError([...new Set(messages)].join("\n\n"));
  }
}

async function readiness({ repository, revision }: ProjectPlan, open: readonly ReleasePlan[]): Promise<string[]> {
  const canSign = hasSigningToken(process.env);
  const [commitThere, signer] = await Promise.all([
    isCommitThere(repository, revision),
    canSign && open.some(({ signing }) => signing !== "off") ? runSigner() : undefined,
  ]);
  return judgeReadiness(open, { preview: pulumi.runtime.isDryRun(), commitThere, canSign, signer });
}

/** Tells whether what is published now can be changed later; a workflow's token may not always read it. */
async function immutability({ repository }: ProjectPlan): Promise<string[]> {
  const setting = await observeImmutability(repository);
  const known = `Releases of ${repository} are ${setting ? "immutable: what is published now stays as it is, and its tag's name is taken for ever" : "not immutable"}.`;
  const unknown = `Whether Releases of ${repository} are immutable may not be read with this token.`;
  void pulumi.log.info(setting === undefined ? unknown : known);
  return [];
}

/** Of the workflows that sign and of the one that runs, where they are in this repository: the file of another's is not here to be read. */
async function workflowPermissions(project: ProjectPlan, open: readonly ReleasePlan[]): Promise<string[]> {
  const needed = neededPermissions(open, project.packages.registry);
  const own = `${project.repository}/`.toLowerCase();
  const [running = ""] = (process.env["GITHUB_WORKFLOW_REF"] ?? "").split("@");
  const workflows = [...open.flatMap(({ signing }) => (signing === "off" ? [] : [signing.workflow])), running];
  const here = workflows.filter((workflow) => workflow.toLowerCase().startsWith(own));
  const files = new Set(here.map((workflow) => workflow.slice(own.length)));
  const judged = await Promise.all(
    [...files].map(async (file) => judgeWorkflow(file, await releasingJobs(project.workspace, file), needed)),
  );
  return judged.flat();
}

/** What is known of every repository that may be pushed to. What is in one is looked at only if this run is going to add to it. */
function observeAccess(project: ProjectPlan, open: readonly ReleasePlan[]): Promise<ObservedAccess> {
  const artifacts = open.flatMap((plan) => plan.artifacts);
  return observePackageAccess({
    repositories: artifacts.map(({ ociRepository }) => ociRepository),
    open: artifacts.filter(({ decision }) => decision.how === "build").map(({ ociRepository }) => ociRepository),
    registry: project.packages.registry,
    releasing: project.repository,
  });
}

/** What is in the repositories, and under which tags the run adds to them. */
async function repositoryContent(open: readonly ReleasePlan[], access: Promise<ObservedAccess>): Promise<string[]> {
  const { packages } = await access;
  refuseOtherKinds(
    open.flatMap(({ artifacts }) => artifacts),
    packages,
  );
  return warnOfBuildMetadata(open);
}

async function packageAccess(
  project: ProjectPlan,
  open: readonly ReleasePlan[],
  access: Promise<ObservedAccess>,
): Promise<string[]> {
  const run = { preview: pulumi.runtime.isDryRun(), releasing: project.repository, web: gitHubWeb() };
  const { lines, warnings } = judgePushAccess(await access, run);
  if (lines.length > 0) {
    void pulumi.log.info(`Packages:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
  const unreadable = open.flatMap((plan) => plan.unreadable);
  return [...warnings, ...judgeUnreadable(unreadable, run)];
}

/** Has helm judge the charts that this run is going to push. What helm warns of is for a preview: `up` says what was not checked. */
async function chartsForHelm({ workspace }: ProjectPlan, open: readonly ReleasePlan[]): Promise<string[]> {
  const charts = open.flatMap(({ artifacts }) =>
    artifacts.flatMap((artifact) =>
      artifact.kind === "chart" && artifact.decision.how === "build"
        ? [
            {
              path: artifact.path,
              shown: posix.relative(workspace, artifact.path),
              isBuilt: artifact.isBuilt,
              ...(artifact.pinned && { edits: trialEdits(artifact.pinned) }),
            },
          ]
        : [],
    ),
  );
  const { mistakes, warnings, unchecked, unproved } = await judgeCharts(charts);
  const isPreview = pulumi.runtime.isDryRun();
  const wrong = [...mistakes, ...(isPreview ? [] : unproved.map(notFoundAgain))];
  if (wrong.length > 0) {
    throw configurationError(wrong);
  }
  const refused = unproved.map((chart) => `\`up\` would be refused: ${chart} ${notFoundAgain(chart).reason}.`);
  return [...(isPreview ? warnings : []), ...unchecked, ...refused];
}

function notFoundAgain(chart: string): Mistake {
  return {
    path: chart,
    reason: "pins images, and without helm nothing shows that its templates use the pinned values",
    example: "`node toolchain/run.mjs`, which installs helm",
  };
}
