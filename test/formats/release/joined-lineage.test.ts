import { describe, expect, it } from "vitest";
import { chartIn, lineageName, readLineage, writeLineage } from "../../../formats/release/attestation-lineage.ts";
import type { Digest } from "../../../formats/artifact/manifest.ts";
import { joinLineage } from "../../../formats/release/joined-lineage.ts";
import type { LineageFacts } from "../../../formats/release/joined-lineage.ts";
import type { MappedAttestation } from "../../../formats/release/attestation-map.ts";

const digest: Digest = `sha256:${"a".repeat(64)}`;
const other: Digest = `sha256:${"b".repeat(64)}`;
const revision = "8f0c2b7d5e4a39b1c6d7e8f90a1b2c3d4e5f6a7b";
const chart = { chart: "widgets", version: "1.2.3", tag: "widgets-v1.2.3", digest, revision };
const pull = { number: 7, url: "https://github.com/acme/widgets/pull/7", base: "main" };

function joined(entries: MappedAttestation[], listed: LineageFacts["listed"]) {
  return joinLineage({ ...chart, pullRequest: { ...pull, map: { entries } }, listed });
}

describe("joinLineage", () => {
  it.each<[string, MappedAttestation, LineageFacts["listed"], object]>([
    [
      "listed for its digest",
      { name: "lint", id: "4", digest: other },
      { [digest]: ["9"], [other]: ["3", "4"] },
      { digest: other, status: "confirmed" },
    ],
    [
      "of another digest",
      { name: "lint", id: "4", digest: other },
      { [digest]: ["9"], [other]: ["3"] },
      { digest: other, status: "claimed" },
    ],
    [
      "of a digest that GitHub does not know",
      { name: "lint", id: "4", digest: other },
      { [digest]: ["9"], [other]: [] },
      { digest: other, status: "claimed" },
    ],
    [
      "of an unreadable digest",
      { name: "lint", id: "4", digest: other },
      { [digest]: ["9"], [other]: { unreadable: "no" } },
      { digest: other, status: "claimed" },
    ],
    ["without a digest", { name: "lint", id: "4" }, { [digest]: ["9"] }, { status: "claimed" }],
  ])("says of an entry %s what is known of it", (_, entry, listed, expected) => {
    expect(joined([entry], listed).attestations).toEqual([
      { name: "lint", id: "4", ...expected },
      { id: "9", digest, status: "confirmed" },
    ]);
  });

  it("does not repeat an attestation of the chart that the map names, with its digest or without", () => {
    const listed = { [digest]: ["12", "9", "4", "9"] };
    expect(
      joined(
        [
          { name: "a", id: "4" },
          { name: "b", id: "9", digest },
        ],
        listed,
      ).attestations,
    ).toEqual([
      { name: "a", id: "4", digest, status: "confirmed" },
      { name: "b", id: "9", digest, status: "confirmed" },
      { id: "12", digest, status: "confirmed" },
    ]);
  });

  it("lists GitHub's own by number, and counts those that are too many", () => {
    const ids = Array.from({ length: 103 }, (_, at) => String(103 - at));
    const { attestations, leftOut } = joined([], { [digest]: ids });
    expect([attestations.length, attestations[0]?.id, attestations[99]?.id]).toEqual([100, "1", "100"]);
    expect(leftOut).toEqual([`3 attestations beyond the first 100 that GitHub lists for ${digest}`]);
  });

  it.each<[string, Partial<LineageFacts>, string[]]>([
    ["nothing, if all is there", {}, []],
    [
      "that there is no pull request",
      { pullRequest: undefined },
      [`no attestations of a pull request: none was merged as ${revision}`],
    ],
    [
      "that pull requests cannot be read",
      { pullRequest: { unreadable: "Resource not accessible by integration (403)" } },
      [
        "no attestations of a pull request: GitHub's list of them is not readable: Resource not accessible by integration (403)",
      ],
    ],
    [
      "what is wrong with the map",
      { pullRequest: { ...pull, map: { entries: [], problem: "has no attestation map" } } },
      ["no attestations of pull request 7: its description has no attestation map"],
    ],
    [
      "that GitHub has none",
      { listed: { [digest]: [] } },
      [`GitHub lists no attestation for the chart's digest ${digest}`],
    ],
    [
      "attestations without an id",
      { listed: { [digest]: ["9", undefined] } },
      [`one attestation that GitHub lists for ${digest} without an id`],
    ],
    [
      "whose attestations cannot be read",
      { listed: { [other]: { unreadable: "x".repeat(400) }, [digest]: { unreadable: "Forbidden (403)" } } },
      [
        `GitHub's attestations of ${digest} are not readable: Forbidden (403)`,
        `GitHub's attestations of ${other} are not readable: ${"x".repeat(300)}…`,
      ],
    ],
  ])("leaves out, and says, %s", (_, changes, leftOut) => {
    const facts = { ...chart, pullRequest: { ...pull, map: { entries: [] } }, listed: { [digest]: ["9"] }, ...changes };
    expect(joinLineage(facts).leftOut).toEqual(leftOut);
  });
});

describe("writeLineage", () => {
  const lineage = joined([{ name: "lint", id: "4" }], { [digest]: ["9"] });

  it("writes what readLineage reads", () => {
    expect(readLineage(writeLineage(lineage))).toEqual(lineage);
  });

  it("writes a lineage without a pull request", () => {
    const without = joinLineage({ ...chart, pullRequest: undefined, listed: {} });
    expect(readLineage(writeLineage(without))).toMatchObject({ pullRequest: null, attestations: [] });
  });

  it("begins with the chart", () => {
    expect(Object.keys(JSON.parse(writeLineage(lineage)) as object).slice(0, 4)).toEqual([
      "chart",
      "version",
      "tag",
      "digest",
    ]);
  });
});

describe("readLineage", () => {
  it.each([
    ["text", "hello", "is not JSON"],
    ["another document", "{}", /chart: Invalid input/],
    ["another digest", writeLineage({ ...joined([], {}), digest: "latest" }), /^digest: /],
  ])("refuses %s", (_, text, words) => {
    expect(() => readLineage(text)).toThrow(words);
  });
});

describe("lineageName", () => {
  it("is the name of the chart in its repository", () => {
    expect(lineageName(chartIn("ghcr.io/acme/charts/widgets"))).toBe("widgets-attestation-lineage.json");
  });
});
