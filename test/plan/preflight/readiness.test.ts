import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import { planRelease } from "../../../plan/release/release.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import { judgeReadiness } from "../../../plan/preflight/readiness.ts";
import type { RunMeans } from "../../../plan/preflight/readiness.ts";
import { commit, identity, nothing, otherCommit, plannedProject } from "../made-up-project.ts";

const signer: Signer = {
  issuer: identity.issuer,
  workflow: `${identity.workflow}@refs/tags/v1.2.3`,
  repository: "acme/widgets",
  commit,
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};
const all: RunMeans = { preview: false, commitThere: true, canSign: true, signer };
const noWorkflow: Signer = { ...signer, workflow: "acme/ci/.github/workflows/all.yml@refs/heads/main" };

/** A plan of one unit; `published`: everything of it is there. */
function planned(signing: unknown = identity, published = false): ReleasePlan {
  const project = plannedProject({ config: { signing } });
  const [unit] = project.units;
  if (unit === undefined) {
    throw new Error("there is no unit");
  }
  const plan = planRelease({
    project,
    unit,
    published: nothing,
    assets: [],
    sourceHashes: {},
    web: "https://github.com",
    before: undefined,
  });
  return { ...plan, published };
}

/** The lines of a refusal. */
function refusal(plans: readonly ReleasePlan[], means: Partial<RunMeans>): string[] {
  try {
    judgeReadiness(plans, { ...all, ...means });
  } catch (error) {
    if (error instanceof ReleaseError && error.code === "CONFIGURATION") {
      return error.parts.reason.split("\n").slice(1);
    }
    throw error;
  }
  throw new Error("it was taken, and should have been refused");
}

const lacking: [string, Partial<RunMeans>, string][] = [
  [
    "the commit on GitHub",
    { commitThere: false },
    `git commit = "${commit}": is not in acme/widgets on GitHub, so that no tag could name it; for example \`git push\``,
  ],
  [
    "a token to sign with",
    { canSign: false, signer: undefined },
    "signing: widgets must be signed, and this run has no OIDC token to sign with; for example `permissions: id-token: write` in the workflow's job, or `signing: off`",
  ],
  [
    "the workflow that is expected",
    { signer: noWorkflow },
    "signing: widgets must be signed by acme/widgets/.github/workflows/release.yml at refs/tags/*, and of this run the signer is acme/ci/.github/workflows/all.yml@refs/heads/main, not acme/widgets/.github/workflows/release.yml@refs/tags/*; for example a run of that workflow, or what this run is under `signing`",
  ],
  [
    "the repository that is expected",
    { signer: { ...signer, repository: "acme/ci" } },
    "signing: widgets must be signed by acme/widgets/.github/workflows/release.yml at refs/tags/*, and of this run the run belongs to acme/ci, not to acme/widgets; for example a run of that workflow, or what this run is under `signing`",
  ],
  [
    "the commit that its certificate would name",
    { signer: { ...signer, trigger: "workflow_run", commit: "f".repeat(40) } },
    `signing = "${commit}": is the commit of widgets, and the certificate of this run would name ${"f".repeat(40)}, so its provenance would not be believed; for example a check-out of the commit that the run was started for (GITHUB_SHA)`,
  ],
];

describe("judgeReadiness, when a run has all that it needs", () => {
  it.each([true, false])("says nothing (preview: %s)", (preview) => {
    expect(judgeReadiness([planned()], { ...all, preview })).toEqual([]);
  });

  it("takes a run of which it cannot be known who signs", () => {
    expect(judgeReadiness([planned()], { ...all, signer: undefined })).toEqual([]);
  });
});

describe.each(lacking)("judgeReadiness, when a run lacks %s", (_, means, words) => {
  it("is refused by `up`", () => {
    expect(refusal([planned()], means)).toEqual([`- ${words}`]);
  });

  it("is a warning in a preview, with the same words", () => {
    const [warning] = judgeReadiness([planned()], { ...all, ...means, preview: true });
    for (const part of words.split(/ = "[^"]*"|: |; /)) {
      expect(warning).toContain(part);
    }
    expect(warning).toMatch(/^`up` would be refused/);
  });

  it("does not matter to what is published already", () => {
    expect(judgeReadiness([planned(identity, true)], { ...all, ...means })).toEqual([]);
  });
});

describe("judgeReadiness, when a unit is not signed", () => {
  it.each([{ canSign: false, signer: undefined }, { signer: noWorkflow }])(
    "needs nothing to sign with: %j",
    (means) => {
      expect(judgeReadiness([planned("off")], { ...all, ...means })).toEqual([]);
    },
  );

  it("needs the commit on GitHub all the same", () => {
    expect(refusal([planned("off")], { commitThere: false })).toHaveLength(1);
  });
});

describe("judgeReadiness, when several units are released", () => {
  it("names those that are signed and not published, and only those", () => {
    const plans = [planned(), { ...planned(), unit: "cli" }, planned("off"), planned(identity, true)];
    expect(refusal(plans, { canSign: false, signer: undefined })[0]).toMatch(/^- signing: widgets, cli must be signed/);
  });

  it("says at once all that lacks", () => {
    expect(refusal([planned()], { commitThere: false, signer: noWorkflow })).toHaveLength(2);
  });
});

describe("judgeReadiness, when the release of an earlier commit is completed", () => {
  const later = { ...signer, commit: otherCommit };
  const earlier = (how: "build" | "adopted"): ReleasePlan => {
    const plan = planned();
    const decision = how === "build" ? ({ how } as const) : { how, digest: `sha256:${"a".repeat(64)}` };
    const artifacts = plan.artifacts.map((artifact) => ({ ...artifact, decision }));
    return { ...plan, head: otherCommit, artifacts };
  };

  it("needs the certificate of this run's own commit, if everything is adopted", () => {
    expect(judgeReadiness([earlier("adopted")], { ...all, signer: later })).toEqual([]);
    expect(refusal([earlier("adopted")], {})[0]).toContain(`would name ${commit}`);
  });

  it("refuses to build for that commit: its provenance would not be believed", () => {
    expect(refusal([earlier("build")], { signer: later })[0]).toContain(`would name ${otherCommit}`);
  });
});
