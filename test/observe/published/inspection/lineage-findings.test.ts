import { describe, expect, it } from "vitest";
import { writeLineage } from "../../../../formats/release/attestation-lineage.ts";
import { compareLineage } from "../../../../observe/published/inspection/lineage-findings.ts";

const digest = `sha256:${"a".repeat(64)}`;
const chart = { repository: "ghcr.io/acme/charts/widgets", digest };
const record = { version: "1.2.3", revision: "1".repeat(40), gitTag: "widgets-v1.2.3" };
const lineage = {
  chart: "widgets",
  version: "1.2.3",
  tag: "widgets-v1.2.3",
  digest,
  revision: "1".repeat(40),
  pullRequest: null,
  attestations: [],
  leftOut: [],
};
const promise = "widgets-attestation-lineage.json is about widgets 1.2.3 and its digest, tag and commit";

describe("compareLineage", () => {
  it("keeps the lineage of this chart", () => {
    expect(compareLineage(writeLineage(lineage), chart, record)).toEqual({ promise, outcome: "kept", found: digest });
  });

  it.each([
    ["chart", "gadgets"],
    ["version", "1.2.2"],
    ["tag", "v1.2.3"],
    ["digest", `sha256:${"b".repeat(64)}`],
    ["revision", "2".repeat(40)],
  ])("breaks it for another %s", (key, said) => {
    const text = writeLineage({ ...lineage, [key]: said });
    expect(compareLineage(text, chart, record)).toEqual({ promise, outcome: "broken", found: `${key} ${said}` });
  });

  it("names all that differ", () => {
    const text = writeLineage({ ...lineage, chart: "gadgets", version: "1.2.2" });
    expect(compareLineage(text, chart, record).found).toBe("chart gadgets, version 1.2.2");
  });

  it.each([
    ["no file", undefined, "nothing"],
    ["a text", "hello", "a file that cannot be read: is not JSON"],
    ["another document", "{}", "a file that cannot be read: "],
  ])("breaks it for %s", (_, text, found) => {
    const { outcome, found: what } = compareLineage(text, chart, record);
    expect([outcome, what]).toEqual(["broken", expect.stringContaining(found)]);
  });
});
