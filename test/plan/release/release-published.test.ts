import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import type { ArtifactPlan } from "../../../plan/artifact/artifact-plan.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { commit, digest, identity, nothing, otherCommit, ourRelease, personsRelease } from "../made-up-project.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { Difference } from "../made-up-project.ts";

import { children, lost, planned, sourceHash, tagged } from "./made-up-release.ts";

function refused(published: PublishedUnit): ReleaseError {
  try {
    planned(published);
  } catch (error) {
    if (error instanceof ReleaseError) {
      return error;
    }
    throw error;
  }
  throw new Error("it was planned, and should have been refused");
}

describe("planRelease, when something of others stands there", () => {
  it("refuses a git tag at another commit, naming both", () => {
    const { code, message } = refused({ ...nothing, gitTagCommit: otherCommit });
    expect(code).toBe("GIT_TAG_CONFLICT");
    expect(message).toMatch(
      new RegExp(`v1.2.3 of acme/widgets names the commit ${otherCommit}\\s+this run is at the commit ${commit}`),
    );
  });

  it("refuses a person's draft, naming title, author and page", () => {
    const { code, parts } = refused({ ...nothing, drafts: [ourRelease(), personsRelease] });
    expect({ code, reason: parts.reason }).toEqual({
      code: "DRAFT_FOREIGN",
      reason: `there is a draft for v1.2.3 that Lockstep did not make: "My notes" by ada, ${personsRelease.url}\nthis release is widgets@1.2.3`,
    });
  });

  it("refuses the draft of another unit, naming it", () => {
    expect(refused({ ...nothing, drafts: [{ ...personsRelease, owner: "cli@1.2.3" }] }).parts.reason).toContain(
      "a draft for v1.2.3 that belongs to cli@1.2.3",
    );
  });

  it.each([
    [undefined, "not made by Lockstep"],
    ["cli@1.2.3", "cli@1.2.3"],
  ])("refuses a Release whose owner is %s", (owner, words) => {
    const { code, parts } = refused({ ...nothing, release: { ...personsRelease, owner } });
    expect({ code, reason: parts.reason }).toEqual({
      code: "RELEASE_CONFLICT",
      reason: `${personsRelease.url} ("My notes" by ada) is ${words}\nthis release is widgets@1.2.3`,
    });
  });

  it("refuses another digest under the version tag", () => {
    expect(
      refused({ ...nothing, artifacts: { widgets: { digest: digest("a"), annotations: {}, children } } }).code,
    ).toBe("TAG_CONFLICT");
  });
});

describe("planRelease, when all of it is published", () => {
  const recordOf = (of: string): ReleaseRecord => {
    const [artifact] = planned().artifacts;
    return {
      unit: "widgets",
      version: "1.2.3",
      revision: commit,
      gitTag: "v1.2.3",
      artifacts: {
        widgets: {
          kind: "image",
          repository: artifact?.ociRepository ?? "",
          tag: "1.2.3",
          digest: of,
          buildInputs: artifact?.buildInputs ?? "",
        },
      },
      assets: {},
      policy: { signing: "off" },
    };
  };
  const all = (): PublishedUnit => ({ ...nothing, artifacts: tagged(), gitTagCommit: commit, release: ourRelease() });

  it("says so", () => {
    expect(planned(all()).published).toBe(true);
  });

  it.each<[string, Partial<PublishedUnit>]>([
    ["the Release", { release: undefined }],
    ["the git tag", { gitTagCommit: undefined }],
    ["a version tag", { artifacts: {}, release: ourRelease(recordOf(digest("a"))), untagged: lost }],
    ["publishing our draft", { release: undefined, drafts: [ourRelease()] }],
  ])("does not say so while %s is missing", (_, missing) => {
    expect(planned({ ...all(), ...missing }).published).toBe(false);
  });

  const before = (difference: Partial<UnitOutputs> = {}): UnitOutputs => ({
    version: "1.2.3",
    revision: commit,
    gitTag: "v1.2.3",
    repository: "acme/widgets",
    packageRegistry: "ghcr.io",
    artifacts: {
      widgets: {
        digest: digest("a"),
        how: "built",
        reference: `ghcr.io/acme/widgets:1.2.3@${digest("a")}`,
        sourceHash,
        sbom: false,
      },
    },
    assets: [],
    release: "https://github.com/acme/widgets/releases/tag/v1.2.3",
    signing: "off",
    leftOut: [],
    ...difference,
  });

  it.each([
    ["is of this version and commit", before(), "built"],
    ["is of another version", before({ version: "1.2.2" }), "adopted"],
    ["is of another commit", before({ revision: otherCommit }), "adopted"],
  ])("believes the last run's own output where it %s", (_, own, how) => {
    expect(planned(all(), { before: own }).artifacts[0]?.decision).toEqual({ how, digest: digest("a") });
  });
});

describe("planRelease, when a version tag of a published release is gone", () => {
  const difference: Difference = { config: { signing: identity } };
  const [image] = planned(nothing, { difference }).artifacts;
  const { ociRepository: repository = "", buildInputs = "" } = image ?? ({} as Partial<ArtifactPlan>);
  const record: ReleaseRecord = {
    unit: "widgets",
    version: "1.2.3",
    revision: commit,
    gitTag: "v1.2.3",
    artifacts: { widgets: { kind: "image", repository, tag: "1.2.3", digest: digest("a"), buildInputs } },
    assets: {},
    policy: { signing: identity },
  };
  const published: PublishedUnit = {
    ...nothing,
    gitTagCommit: commit,
    release: ourRelease(record, true),
    untagged: lost,
  };

  it("adopts the digest with all its platforms, so that each one's signature is checked before the tag returns", () => {
    const [artifact] = planned(published, { difference }).artifacts;
    expect(artifact).toMatchObject({ decision: { how: "adopted", digest: digest("a") }, children });
  });

  it("refuses it if one of its platforms is gone as well", () => {
    const untagged = { [digest("a")]: { digest: digest("a"), annotations: {}, children, missing: [digest("2")] } };
    expect(() => planned({ ...published, untagged }, { difference })).toThrow(digest("2"));
  });
});
