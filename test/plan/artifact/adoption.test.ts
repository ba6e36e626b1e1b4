import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { labelKeys } from "../../../formats/artifact/labels.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { Proofs } from "../../../observe/published/proofs.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { decide } from "../../../plan/artifact/adoption.ts";
import type { AdoptionQuestion } from "../../../plan/artifact/adoption.ts";
import { commit, digest, identity, nothing, otherCommit, ourRelease, personsRelease } from "../made-up-project.ts";

const owner = "widgets@1.2.3";
const inputs = "1".repeat(64);
/** The digest is in the registry, without its version tag. */
const stillThere = { [digest("a")]: { digest: digest("a"), annotations: {}, children: [] } };
const otherInputs = "2".repeat(64);

const question: AdoptionQuestion = {
  name: "widgets",
  ociRepository: "ghcr.io/acme/widgets",
  tag: "1.2.3",
  revision: commit,
  buildInputs: inputs,
  before: undefined,
  sourceHash: "f".repeat(64),
  signing: "off",
};

const recordedArtifact = {
  kind: "image",
  repository: question.ociRepository,
  tag: question.tag,
  digest: digest("a"),
  buildInputs: inputs,
};

/** A record that names our image with `digest("a")`. */
function record(difference: { revision?: string; buildInputs?: string; name?: string } = {}): ReleaseRecord {
  const artifact = { ...recordedArtifact, buildInputs: difference.buildInputs ?? inputs };
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
  return {
    widgets: { digest: of, annotations: Object.fromEntries(annotations) as Record<string, string>, children: [] },
  };
}

function refused(published: PublishedUnit, asked = question): { code: string; reason: string } {
  try {
    decide(asked, published, owner);
  } catch (error) {
    if (error instanceof ReleaseError) {
      return { code: error.code, reason: error.parts.reason };
    }
    throw error;
  }
  throw new Error("it was decided, and should have been refused");
}

describe("decide, when no version tag is there", () => {
  it.each<[string, PublishedUnit]>([
    ["nothing is there", nothing],
    ["a draft of ours from a run that was cut off is there", { ...nothing, drafts: [ourRelease(record())] }],
    ["a draft of ours without a record is there", { ...nothing, drafts: [ourRelease()] }],
  ])("builds where %s", (_, published) => {
    expect(decide(question, published, owner)).toEqual({ how: "build" });
  });

  it("refuses to build again what a published Release without a record was made of", () => {
    const { code, reason } = refused({ ...nothing, release: ourRelease() });
    expect(code).toBe("DIGEST_GONE");
    expect(reason).toContain("its record cannot be read");
  });

  it("does not take a leftover draft's record for the one of the published Release", () => {
    expect(refused({ ...nothing, release: ourRelease(), drafts: [ourRelease(record())] }).code).toBe("DIGEST_GONE");
  });

  it("takes the digest that our Release names and the registry still has", () => {
    const published = { ...nothing, release: ourRelease(record()), untagged: stillThere };
    expect(decide(question, published, owner)).toEqual({ how: "adopted", digest: digest("a") });
  });

  it("refuses to build again what our Release names and the registry lost", () => {
    const { code, reason } = refused({ ...nothing, release: ourRelease(record()), untagged: {} });
    expect({ code, reason }).toEqual({
      code: "DIGEST_GONE",
      reason: `https://github.com/acme/widgets/releases/tag/v1.2.3 promises ghcr.io/acme/widgets@${digest("a")}, and the registry does not have it`,
    });
  });

  it.each([
    ["another commit", { revision: otherCommit }],
    ["other build inputs", { buildInputs: otherInputs }],
  ])("refuses what our Release made from %s", (_, difference) => {
    expect(refused({ ...nothing, release: ourRelease(record(difference)), untagged: stillThere }).code).toBe(
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

  it("says under which name our published Release has it", () => {
    const { widgets } = record().artifacts;
    const renamed = { ...record(), artifacts: { "widgets-app": widgets! } };
    const { reason } = refused({ ...nothing, release: ourRelease(renamed) });
    expect(reason).toContain("which the configuration has now; it is called widgets-app there");
  });

  it("adds an artifact to our draft", () => {
    expect(decide(question, { ...nothing, drafts: [ourRelease(record({ name: "other" }))] }, owner)).toEqual({
      how: "build",
    });
  });
});

describe("decide, when the version tag is there and our record names it", () => {
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
      ours: reason.includes(`this release is of commit ${commit}`),
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

describe("decide, when the record of our draft names another digest than the version tag", () => {
  const draft = ourRelease(record());
  const proofs = {
    [digest("b")]: { verified: [{ revision: commit, buildInputs: inputs, parameters: {} }], refused: [] },
  };
  const signed: AdoptionQuestion = { ...question, signing: identity };

  it.each<[string, AdoptionQuestion, Partial<PublishedUnit>]>([
    [
      "the labels for commit and source of an unsigned artifact whose content has been compared",
      { ...question, compared: { source: "https://github.com/acme/widgets" } },
      {
        artifacts: {
          [question.name]: {
            digest: digest("b"),
            annotations: { [labelKeys.revision]: commit, [labelKeys.source]: "https://github.com/acme/widgets" },
            children: [],
          },
        },
      },
    ],
    ["both labels of an unsigned unit", question, { artifacts: tagged(digest("b")) }],
    ["the provenance of a signed one", signed, { artifacts: tagged(digest("b"), {}), proofs }],
    [
      "the record of another draft of ours",
      question,
      {
        artifacts: tagged(digest("b"), {}),
        drafts: [
          draft,
          ourRelease({ ...record(), artifacts: { widgets: { ...recordedArtifact, digest: digest("b") } } }),
        ],
      },
    ],
  ])("adopts what the tag names if it is proved ours by %s", (_, asked, there) => {
    expect(decide(asked, { ...nothing, drafts: [draft], ...there }, owner)).toEqual({
      how: "adopted",
      digest: digest("b"),
    });
  });

  it("knows it as built if this stack built what the tag names", () => {
    const before = { digest: digest("b"), how: "built", sourceHash: question.sourceHash };
    const published = { ...nothing, artifacts: tagged(digest("b")), drafts: [draft] };
    expect(decide({ ...question, before }, published, owner).how).toBe("built");
  });

  it.each<[string, AdoptionQuestion, { revision?: string; buildInputs?: string }, string, string]>([
    ["no label", question, {}, "TAG_CONFLICT", "it does not say from which commit it is"],
    ["another commit's label", question, { revision: otherCommit }, "TAG_CONFLICT", "its label says commit"],
    [
      "labels of a signed unit alone",
      signed,
      { revision: commit, buildInputs: inputs },
      "SIGNATURE_MISSING",
      digest("b"),
    ],
  ])("refuses what the tag names with %s", (_, asked, labels, code, words) => {
    const found = refused({ ...nothing, artifacts: tagged(digest("b"), labels), drafts: [draft] }, asked);
    expect(found).toEqual({ code, reason: expect.stringContaining(words) });
  });

  it("still believes the record of the published Release before the tag", () => {
    const published = { ...nothing, artifacts: tagged(digest("b")), release: draft, proofs };
    expect([refused(published).code, refused(published, signed).code]).toEqual(["TAG_CONFLICT", "TAG_CONFLICT"]);
  });
});

describe("decide, when the version tag is there and no record names it", () => {
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

describe("decide, when this stack's last run said something of it", () => {
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

describe("decide, when a unit is signed", () => {
  const signed: AdoptionQuestion = { ...question, signing: identity };
  const ours = { revision: commit, buildInputs: inputs, parameters: {} };

  /** The version tag is there with our labels, and what is attached to it. */
  function attached(proofs: Partial<Proofs>, there: Partial<PublishedUnit> = {}): PublishedUnit {
    const found = { verified: [], refused: [], ...proofs };
    return { ...nothing, artifacts: tagged(digest("a")), proofs: { [digest("a")]: found }, ...there };
  }

  it("builds where nothing is there", () => {
    expect(decide(signed, nothing, owner)).toEqual({ how: "build" });
  });

  it.each<[string, Partial<Proofs>, Partial<PublishedUnit>]>([
    ["our provenance", { verified: [ours] }, {}],
    ["our provenance beside another one", { verified: [{ ...ours, revision: otherCommit }, ours] }, {}],
    ["our provenance beside a bundle that does not verify", { verified: [ours], refused: ["bad"] }, {}],
    ["our provenance, and no label", { verified: [ours] }, { artifacts: tagged(digest("a"), {}) }],
    ["our provenance, and the record of our Release", { verified: [ours] }, { release: ourRelease(record()) }],
    ["our provenance, and the record of our draft", { verified: [ours] }, { drafts: [ourRelease(record())] }],
  ])("takes what has %s", (_, proofs, there) => {
    expect(decide(signed, attached(proofs, there), owner)).toEqual({ how: "adopted", digest: digest("a") });
  });

  it("tags again what our Release names and our provenance is attached to", () => {
    const lost = { artifacts: {}, untagged: stillThere, release: ourRelease(record()) };
    expect(decide(signed, attached({ verified: [ours] }, lost), owner)).toEqual({
      how: "adopted",
      digest: digest("a"),
    });
  });

  const before = { digest: digest("a"), how: "built", sourceHash: question.sourceHash };

  it("leaves as it is what this stack built from the same files", () => {
    expect(decide({ ...signed, before }, attached({ verified: [ours] }), owner).how).toBe("built");
  });

  it.each([
    ["with what this stack said", { ...signed, before }, "built"],
    ["without any state", signed, "adopted"],
  ])("takes the digest that a signed record names, though what was attached is gone: %s", (_, asked, how) => {
    const published = attached({}, { release: ourRelease(record(), true) });
    expect(decide(asked, published, owner)).toEqual({ how, digest: digest("a") });
  });

  it.each<[string, Partial<PublishedUnit>]>([
    ["nothing but the tag", {}],
    ["a record that is not signed", { release: ourRelease(record()) }],
    ["a signed record of a draft", { drafts: [ourRelease(record(), true)] }],
    ["other build inputs", { artifacts: tagged(digest("a"), { buildInputs: otherInputs }) }],
    ["no label", { artifacts: tagged(digest("a"), {}) }],
  ])("does not take the state's word for a digest with %s", (_, there) => {
    expect(refused(attached({}, there), { ...signed, before }).code).toBe("SIGNATURE_MISSING");
  });

  it("refuses labels alone, naming digest, label and workflow", () => {
    expect(refused(attached({}), signed)).toEqual({
      code: "SIGNATURE_MISSING",
      reason: [
        `ghcr.io/acme/widgets:1.2.3 is there already as ${digest("a")}, and no provenance by ${identity.workflow} is attached to it`,
        `its label says commit ${commit}, which proves nothing`,
        "nothing else is attached to it either",
      ].join("\n"),
    });
  });

  it("says no label where there is none", () => {
    const { reason } = refused(attached({}, { artifacts: tagged(digest("a"), {}) }), signed);
    expect(reason).not.toContain("label");
  });

  it("says why each bundle that is attached does not count", () => {
    const { code, reason } = refused(
      attached({ refused: ["certificate identity error", "is about another digest"] }),
      signed,
    );
    expect({ code, told: reason.split("\n").slice(2) }).toEqual({
      code: "SIGNATURE_MISSING",
      told: [
        "attached, but not accepted: certificate identity error",
        "attached, but not accepted: is about another digest",
      ],
    });
  });

  it.each<[string, Partial<PublishedUnit>]>([
    ["our Release", { release: ourRelease(record()) }],
    ["our draft", { drafts: [ourRelease(record())] }],
  ])("does not take the record of %s for a proof", (_, there) => {
    expect(refused(attached({}, there), signed).code).toBe("SIGNATURE_MISSING");
  });

  it("says of a digest without its tag that it is published, not that it is there", () => {
    const lost = { artifacts: {}, untagged: stillThere, release: ourRelease(record()) };
    expect(refused(attached({}, lost), signed).reason).toMatch(/^ghcr.io\/acme\/widgets:1.2.3 is published already as/);
  });

  it("does not take the proof of another digest", () => {
    const proofs = { [digest("b")]: { verified: [ours], refused: [] } };
    expect(refused({ ...nothing, artifacts: tagged(digest("a")), proofs }, signed).code).toBe("SIGNATURE_MISSING");
  });

  it.each([
    ["another commit", { ...ours, revision: otherCommit }, `its provenance says commit ${otherCommit}`],
    ["other build inputs", { ...ours, buildInputs: otherInputs }, "its provenance says other build inputs"],
  ])("refuses provenance of %s, whatever the labels say", (_, other, words) => {
    expect(refused(attached({ verified: [other] }), signed)).toEqual({
      code: "TAG_CONFLICT",
      reason: expect.stringContaining(`is there already as ${digest("a")}: ${words}`),
    });
  });

  it("refuses a tag that was moved from what our record says, proved or not", () => {
    const moved = { artifacts: tagged(digest("b")), release: ourRelease(record()) };
    const proofs = { [digest("b")]: { verified: [ours], refused: [] } };
    expect(refused({ ...nothing, ...moved, proofs }, signed)).toEqual({
      code: "TAG_CONFLICT",
      reason: expect.stringContaining(`our Release says ${digest("a")}: the tag was moved`),
    });
  });
});

describe("decide, when the index is there and one of its platforms is not", () => {
  it("refuses, and names the digest that is gone", () => {
    const artifacts = tagged(digest("a"));
    const there = artifacts["widgets"];
    if (there === undefined) {
      throw new Error("made-up artifacts have no widgets");
    }
    const { code, reason } = refused({ ...nothing, artifacts: { widgets: { ...there, missing: [digest("b")] } } });
    expect(code).toBe("DIGEST_GONE");
    expect(reason).toContain(digest("b"));
  });
});
