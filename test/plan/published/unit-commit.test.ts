import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { labelKeys } from "../../../formats/artifact/labels.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import type { Ancestry } from "../../../plan/published/ancestry.ts";
import { isRecordSigned, mayBeEarlier, unitCommit, unitDescents } from "../../../plan/published/unit-commit.ts";
import type { PublishedVersion } from "../../../plan/published/unit-commit.ts";
import { commit, digest, identity, nothing, otherCommit, ourRelease, plannedProject } from "../made-up-project.ts";

const thirdCommit = "3".repeat(40);
const layer = "5".repeat(64);
const charts = [{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }];

function version(published: Partial<PublishedUnit>, config: object = {}, signed = true): PublishedVersion {
  const project = plannedProject({ config: { image: undefined, charts, ...config } });
  const [unit] = project.units;
  if (unit === undefined) {
    throw new Error("no unit was planned");
  }
  const signing = signed ? identity : "off";
  return { project, unit, published: { ...nothing, ...published }, sourceHashes: { app: layer }, signing };
}

/** Every commit is an ancestor of every other, made at 17. */
const related: Ancestry = { timeOf: () => 17 };
const unrelated: Ancestry = { timeOf: () => undefined };

function record(revision: string, of = digest("a")): ReleaseRecord {
  const artifact = {
    kind: "chart",
    repository: charts[0]?.repository ?? "",
    tag: "1.2.3",
    digest: of,
    buildInputs: layer,
  };
  const policy = { signing: "off" } as const;
  return {
    unit: "widgets",
    version: "1.2.3",
    revision,
    gitTag: "v1.2.3",
    artifacts: { app: artifact },
    assets: {},
    policy,
  };
}

/** The version tag, with a label, and what is proved of it. */
function tagged(
  label: string | undefined,
  proofs: { revision: string; buildInputs: string }[] = [],
): Partial<PublishedUnit> {
  const annotations: Record<string, string> = label === undefined ? {} : { [labelKeys.revision]: label };
  return {
    artifacts: { app: { digest: digest("a"), annotations, children: [] } },
    proofs: { [digest("a")]: { verified: proofs.map((said) => ({ ...said, parameters: {} })), refused: [] } },
  };
}

const proof = (revision: string) => ({ revision, buildInputs: layer });

describe("mayBeEarlier", () => {
  it.each([
    ["only charts", {}, true],
    ["an image", { image: "ghcr.io/acme/widgets", charts: undefined }, false],
    ["a chart beside an image", { image: "ghcr.io/acme/widgets" }, false],
  ])("knows a unit of %s", (_, config, expected) => {
    expect(mayBeEarlier(version({}, config).unit)).toBe(expected);
  });
});

describe("unitCommit", () => {
  it.each<[string, Partial<PublishedUnit>, boolean, string]>([
    ["HEAD if nothing is published", {}, true, commit],
    ["HEAD if only a git tag is there", { gitTagCommit: otherCommit }, true, commit],
    ["the commit of the published record", { release: ourRelease(record(otherCommit)) }, true, otherCommit],
    [
      "the record's before the label's",
      { ...tagged(thirdCommit), release: ourRelease(record(otherCommit)) },
      false,
      otherCommit,
    ],
    ["the commit of provenance", tagged(undefined, [proof(otherCommit)]), true, otherCommit],
    [
      "of several, the one in the manifest",
      tagged(thirdCommit, [proof(otherCommit), proof(thirdCommit)]),
      true,
      thirdCommit,
    ],
    [
      "HEAD if provenance is about other content",
      tagged(otherCommit, [{ ...proof(otherCommit), buildInputs: "6".repeat(64) }]),
      true,
      commit,
    ],
    ["HEAD if a signed unit has only a label", tagged(otherCommit), true, commit],
    ["the label of an unsigned unit", tagged(otherCommit), false, otherCommit],
    [
      "the record of a draft that names the digest",
      { ...tagged(undefined), drafts: [ourRelease(record(otherCommit))] },
      false,
      otherCommit,
    ],
    [
      "not that of a draft with another digest",
      { ...tagged(undefined), drafts: [ourRelease(record(otherCommit, digest("b")))] },
      false,
      commit,
    ],
  ])("is %s", (_, published, signed, expected) => {
    const time = expected === commit ? 1_767_323_045 : 17;
    const asked = version(published, {}, signed);
    expect(unitCommit(asked, related)).toEqual({ revision: expected, commitTime: time });
    expect(unitDescents(asked)).toEqual(expected === commit ? [] : [{ commit: expected, of: commit }]);
  });

  it("is HEAD for a unit with an image, and nothing is asked", () => {
    const asked = version({ release: ourRelease(record(otherCommit)) }, { image: "ghcr.io/acme/widgets" });
    expect([unitCommit(asked, related).revision, unitDescents(asked)]).toEqual([commit, []]);
  });

  it("refuses a commit that is not an ancestor of HEAD", () => {
    const asked = version(tagged(undefined, [proof(otherCommit)]));
    expect(() => unitCommit(asked, unrelated)).toThrow(ReleaseError);
    expect(() => unitCommit(asked, unrelated)).toThrow(`widgets@1.2.3 was released from the commit ${otherCommit}`);
  });
});

describe("isRecordSigned", () => {
  const later = { ...ourRelease(record(otherCommit)), signedAt: thirdCommit };

  it("asks whether the commit that signed comes after the recorded one", () => {
    const asked = version({ release: later });
    expect(unitDescents(asked)).toContainEqual({ commit: otherCommit, of: thirdCommit });
    expect([isRecordSigned(asked, related), isRecordSigned(asked, unrelated)]).toEqual([true, false]);
  });

  it("needs no such answer for a record that was signed at its commit", () => {
    expect(isRecordSigned(version({ release: ourRelease(record(otherCommit), true) }), unrelated)).toBe(true);
  });

  it("does not believe it of a unit with an image", () => {
    const image = { image: "ghcr.io/acme/widgets" };
    expect(isRecordSigned(version({ release: later }, image), related)).toBe(false);
  });

  it("does not believe a record whose signature does not verify", () => {
    expect(isRecordSigned(version({ release: ourRelease(record(otherCommit)) }), related)).toBe(false);
  });
});
