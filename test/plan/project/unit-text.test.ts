import { describe, expect, it } from "vitest";
import { readProject } from "../../../config/release/release-spec.ts";
import type { ReadUnit } from "../../../config/release/release-spec.ts";
import type { UnitFiles } from "../../../observe/source/files.ts";
import { unitText } from "../../../plan/project/unit-text.ts";
import type { VersionPlan } from "../../../plan/project/version.ts";

const chart = { path: "charts/app", repository: "ghcr.io/acme/charts/app" };
const [ordinary] = readProject({
  units: [{ name: "app", images: [], charts: [chart], assets: [], tags: { prefix: "" }, signing: "off" }],
} as unknown as Parameters<typeof readProject>[0]).units as [ReadUnit];
const ofChart: ReadUnit = { ...ordinary, chart: { name: "app", folder: "charts/app", latest: false } };
const version: VersionPlan = { version: "1.2.3", from: "configuration", provisional: false };
const words = { changes: "- of Chart.yaml", remarks: [], installable: true };
const files: UnitFiles = {
  assets: [],
  changelog: "## 1.2.3\n\nof the changelog",
  notes: undefined,
  artifacts: [{ sbom: undefined, words }],
};
const message = "of the tag";

function read(unit: ReadUnit, changes: Partial<UnitFiles>, told: string | undefined) {
  return unitText(
    unit,
    { ...files, ...changes },
    version,
    { name: "app-v1.2.3", message: told },
    (key) => `notes.${key}`,
  );
}

describe("unitText, when a unit has the documents of a chart", () => {
  const older = { changelog: "## 1.2.2\n\nolder" };
  const silent = { artifacts: [{ sbom: undefined, words: { ...words, changes: undefined } }] };
  it.each<[string, Partial<UnitFiles>, string | undefined, string | undefined]>([
    ["the message of the git tag", {}, message, message],
    ["the section of the changelog if the tag has no message", {}, undefined, "of the changelog"],
    ["the changes in Chart.yaml if the changelog has no section", older, undefined, "- of Chart.yaml"],
    ["the changes in Chart.yaml if there is no changelog", { changelog: undefined }, undefined, "- of Chart.yaml"],
    ["nothing if there is none of them", { ...older, ...silent }, undefined, undefined],
  ])("is %s", (_, changes, told, text) => {
    expect(read(ofChart, changes, told)).toEqual({ text, mistakes: [] });
  });

  it.each<[string, Partial<UnitFiles>, string | undefined, string]>([
    ["git tag app-v1.2.3", {}, "x".repeat(110_001), "has more than"],
    [
      "charts/app/CHANGELOG.md",
      { changelog: `## 1.2.3\n\n${"x".repeat(110_001)}` },
      undefined,
      "the version's section",
    ],
    [
      "charts/app/Chart.yaml: annotations",
      { ...older, artifacts: [{ sbom: undefined, words: { ...words, changes: "x".repeat(110_001) } }] },
      undefined,
      "has more than",
    ],
  ])("is refused if it is longer than GitHub accepts, and %s is named", (path, changes, told, reason) => {
    expect(read(ofChart, changes, told).mistakes).toEqual([
      { path, reason: expect.stringContaining(reason), example: expect.any(String) },
    ]);
  });
});

describe("unitText, when a unit has no documents", () => {
  it("reads no git tag and no Chart.yaml", () => {
    expect(read(ordinary, {}, message).text).toBe("of the changelog");
    expect(read(ordinary, { changelog: undefined }, message).text).toBeUndefined();
  });
});
