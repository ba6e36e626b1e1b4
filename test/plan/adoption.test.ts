import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../errors/release-error.ts";
import { labelKeys } from "../../formats/labels.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import { decide } from "../../plan/adoption.ts";
import type { AdoptionQuestion } from "../../plan/adoption.ts";
import { commit, digest, nothing, otherCommit, ourRelease, personsRelease } from "./made-up-project.ts";

const owner = "widgets@1.2.3";
const inputs = "1".repeat(64);
const otherInputs = "2".repeat(64);

const question: AdoptionQuestion = {
  name: "widgets",
  repository: "ghcr.io/acme/widgets",
  tag: "1.2.3",
  revision: commit,
  buildInputs: inputs,
  before: undefined,
  sourceHash: "f".repeat(64),
};

/** A record that names our image with `digest("a")`. */
function record(difference: { revision?: string; buildInputs?: string; name?: string } = {}): ReleaseRecord {
  const artifact = {
    kind: "image",
    repository: question.repository,
    tag: question.tag,
    digest: digest("a"),
    buildInputs: difference.buildInputs ?? inputs,
  };
  return {
    unit: "widgets",
    version: "1.2.3",
    revision: difference.revision ?? commit,
    gitTag: "v1.2.3",
    artifacts: { [difference.name ?? "widgets"]: artifact },
    assets: {},
    policy: { signing: "off" },
  };
}

/** The version tag is there with these labels. */
function tagged(
  of: string,
  labels: { revision?: string; buildInputs?: string } = { revision: commit, buildInputs: inputs },
): PublishedUnit["artifacts"] {
  const annotations = Object.entries(labels).map(([name, value]) => [labelKeys[name as keyof typeof labels], value]);
  return { widgets: { digest: of, annotations: Object.fromEntries(annotations) as Record<string, string> } };
}

function refused(published: PublishedUnit): { code: string; reason: string } {
  try {
    decide(question, published, owner);
  } catch (error) {
    if (error instanceof ReleaseError) return { code: error.code, reason: error.parts.reason };
    throw error;
  }
  throw new Error("it was decided, and should have been refused");
}

describe("when no version tag is there", () => {
  it.each<[string, PublishedUnit]>([
    ["nothing is there", nothing],
    ["a draft of ours from a run that was cut off is there", { ...nothing, drafts: [ourRelease(record())] }],
    ["a draft of ours without a record is there", { ...nothing, drafts: [ourRelease()] }],
    ["our Release has lost its record", { ...nothing, release: ourRelease() }],
  ])("builds where %s", (_, published) => {
    expect(decide(question, published, owner)).toEqual({ how: "build" });
  });

  it("takes the digest that our Release names and the registry still has", () => {
    const published = { ...nothing, release: ourRelease(record()), untagged: [digest("a")] };
    expect(decide(question, published, owner)).toEqual({ how: "adopted", digest: digest("a") });
  });

  it("refuses to build again what our Release names and the registry lost", () => {
    const { code, reason } = refused({ ...nothing, release: ourRelease(record()), untagged: [] });
    expect({ code, reason }).toEqual({
      code: "DIGEST_GONE",
      reason: `https://github.com/acme/widgets/releases/tag/v1.2.3 promises ghcr.io/acme/widgets@${digest("a")}, and the registry does not have it`,
    });
  });

  it.each([
    ["another commit", { revision: otherCommit }],
    ["other build inputs", { buildInputs: otherInputs }],
  ])("refuses what our Release made from %s", (_, difference) => {
    expect(refused({ ...nothing, release: ourRelease(record(difference)), untagged: [digest("a")] }).code).toBe(
      "TAG_CONFLICT",
    );
  });

  it("refuses to add an artifact to our published Release", () => {
    const { code, reason } = refused({ ...nothing, release: ourRelease(record({ name: "other" })) });
    expect({ code, reason }).toEqual({
      code: "RELEASE_CONFLICT",
      reason: expect.stringContaining("does not name widgets (ghcr.io/acme/widgets)"),
    });
  });

  it("adds an artifact to our draft", () => {
    expect(decide(question, { ...nothing, drafts: [ourRelease(record({ name: "other" }))] }, owner)).toEqual({
      how: "build",
    });
  });
});

describe("when the version tag is there and a record of ours names it", () => {
  it.each(["release", "draft"])("takes the digest of a %s", (kind) => {
    const there = kind === "release" ? { release: ourRelease(record()) } : { drafts: [ourRelease(record())] };
    expect(decide(question, { ...nothing, artifacts: tagged(digest("a")), ...there }, owner)).toEqual({
      how: "adopted",
      digest: digest("a"),
    });
  });

  it("takes it whatever the labels say: the record is what was promised", () => {
    expect(
      decide(question, { ...nothing, artifacts: tagged(digest("a"), {}), release: ourRelease(record()) }, owner).how,
    ).toBe("adopted");
  });

  it("refuses another digest under the tag, naming both", () => {
    const { code, reason } = refused({ ...nothing, artifacts: tagged(digest("b")), release: ourRelease(record()) });
    expect(code).toBe("TAG_CONFLICT");
    expect(reason).toContain(
      `ghcr.io/acme/widgets:1.2.3 is there already as ${digest("b")}: our Release says ${digest("a")}: the tag was moved`,
    );
  });

  it("refuses another commit, naming both", () => {
    const { code, reason } = refused({
      ...nothing,
      artifacts: tagged(digest("a")),
      release: ourRelease(record({ revision: otherCommit })),
    });
    expect({
      code,
      theirs: reason.includes(`released from commit ${otherCommit}`),
      ours: reason.includes(`this run is at commit ${commit}`),
    }).toEqual({
      code: "TAG_CONFLICT",
      theirs: true,
      ours: true,
    });
  });

  it("refuses other build inputs", () => {
    const { code, reason } = refused({
      ...nothing,
      artifacts: tagged(digest("a")),
      drafts: [ourRelease(record({ buildInputs: otherInputs }))],
    });
    expect({ code, reason }).toEqual({
      code: "TAG_CONFLICT",
      reason: expect.stringContaining("it was built with other build inputs"),
    });
  });

  it("believes the Release before a draft", () => {
    const drafts = [ourRelease(record({ revision: otherCommit }))];
    expect(
      decide(question, { ...nothing, artifacts: tagged(digest("a")), release: ourRelease(record()), drafts }, owner)
        .how,
    ).toBe("adopted");
  });
});

describe("when the version tag is there and no record names it", () => {
  const someoneElses = { ...personsRelease, record: record() };

  it("takes it when both labels are ours", () => {
    expect(decide(question, { ...nothing, artifacts: tagged(digest("a")) }, owner)).toEqual({
      how: "adopted",
      digest: digest("a"),
    });
  });

  it.each<[string, { revision?: string; buildInputs?: string }, string]>([
    ["no label at all", {}, "it does not say from which commit it is"],
    ["no revision", { buildInputs: inputs }, "it does not say from which commit it is"],
    ["another revision", { revision: otherCommit, buildInputs: inputs }, `its label says commit ${otherCommit}`],
    ["no build inputs", { revision: commit }, "its label says other build inputs"],
    ["other build inputs", { revision: commit, buildInputs: otherInputs }, "its label says other build inputs"],
  ])("refuses it with %s", (_, labels, words) => {
    const { code, reason } = refused({ ...nothing, artifacts: tagged(digest("a"), labels) });
    expect({ code, reason }).toEqual({ code: "TAG_CONFLICT", reason: expect.stringContaining(words) });
  });

  it.each<[string, Partial<PublishedUnit>]>([
    ["Release", { release: someoneElses }],
    ["draft", { drafts: [someoneElses] }],
  ])("does not believe the record of a %s that is not ours", (_, there) => {
    expect(refused({ ...nothing, artifacts: tagged(digest("a"), {}), ...there }).code).toBe("TAG_CONFLICT");
  });
});

describe("when this stack's last run said something of it", () => {
  const { sourceHash } = question;
  const last = { digest: digest("a"), how: "built", sourceHash };

  it.each([
    ["built it from the same files", last, "built"],
    ["adopted it", { ...last, how: "adopted" }, "adopted"],
    ["built another digest", { ...last, digest: digest("b") }, "adopted"],
    ["built it from other files", { ...last, sourceHash: "0" }, "adopted"],
  ])("takes it so where it %s", (_, before, how) => {
    expect(
      decide(
        { ...question, before },
        { ...nothing, artifacts: tagged(digest("a")), release: ourRelease(record()) },
        owner,
      ).how,
    ).toBe(how);
  });

  it("does not believe it against the registry", () => {
    expect(decide({ ...question, before: last }, nothing, owner)).toEqual({ how: "build" });
  });
});
