import { describe, expect, it } from "vitest";
import { planVersion, versionMistakes } from "../../../plan/project/version.ts";
import type { VersionQuestion } from "../../../plan/project/version.ts";
import { seededRandom } from "../../formats/seeded-random.ts";

const nothing: VersionQuestion = {
  configured: undefined,
  tagPattern: "v{version}",
  startedFor: undefined,
  tagsAtHead: [],
  accepts: "any",
  preview: false,
  commit: "c0ffee0123456789",
  path: "version",
};

describe("planVersion", () => {
  it.each<[string, Partial<VersionQuestion>, string, string]>([
    [
      "the configuration first",
      { configured: "1.0.0", startedFor: "v2.0.0", tagsAtHead: ["v3.0.0"] },
      "1.0.0",
      "configuration",
    ],
    ["then the tag of the run", { startedFor: "v2.0.0", tagsAtHead: ["v3.0.0"] }, "2.0.0", "the tag of this run"],
    ["then the tag at HEAD", { tagsAtHead: ["v3.0.0"] }, "3.0.0", "the tag at HEAD"],
    [
      "the tag at HEAD, where the run's is another unit's",
      { startedFor: "api-v2.0.0", tagsAtHead: ["v3.0.0"] },
      "3.0.0",
      "the tag at HEAD",
    ],
    [
      "the tag at HEAD, where the run's is no version",
      { startedFor: "v2", tagsAtHead: ["v3.0.0"] },
      "3.0.0",
      "the tag at HEAD",
    ],
    [
      "this unit's tag among others",
      { tagPattern: "app-v{version}", tagsAtHead: ["v1.0.0", "latest", "app-v3.0.0", "app-v3"] },
      "3.0.0",
      "the tag at HEAD",
    ],
    [
      "the run's tag where two are at HEAD",
      { startedFor: "v2.0.0", tagsAtHead: ["v2.0.0", "v3.0.0"] },
      "2.0.0",
      "the tag of this run",
    ],
  ])("takes %s", (_, difference, version, from) => {
    expect(planVersion({ ...nothing, ...difference })).toEqual({
      plan: { version, from, provisional: false },
      mistakes: [],
    });
  });

  it("is the same in a preview", () => {
    expect(planVersion({ ...nothing, tagsAtHead: ["v3.0.0"], preview: true }).plan?.provisional).toBe(false);
  });

  it("gives a preview without any a provisional one, which names the commit", () => {
    expect(planVersion({ ...nothing, preview: true })).toEqual({
      plan: { version: "0.0.0-preview.gc0ffee0", from: "nothing: provisional", provisional: true },
      mistakes: [],
    });
  });

  it("makes a provisional one that is a semantic version, also where the commit begins with zeros", () => {
    const { plan } = planVersion({ ...nothing, preview: true, commit: "0012345678" });
    expect(versionMistakes(plan?.version ?? "", "any", "version")).toEqual([]);
  });

  it("gives `up` without any none, which is no mistake of this unit", () => {
    expect(planVersion(nothing)).toEqual({ plan: undefined, mistakes: [] });
  });

  it("refuses to choose between two tags of the unit at HEAD", () => {
    expect(planVersion({ ...nothing, tagsAtHead: ["v1.2.3", "v1.2.4"], path: "units[1].version" })).toEqual({
      plan: undefined,
      mistakes: [
        {
          path: "git tags at HEAD",
          value: ["v1.2.3", "v1.2.4"],
          reason: "are 2 versions of the same unit, and nothing says which to release",
          example: "`units[1].version: 1.2.3` in the configuration",
        },
      ],
    });
  });

  it("says of a wrong version where it came from", () => {
    const paths = [{ configured: "1.2" }, { startedFor: "v1.2.3+b" }, { tagsAtHead: ["v1.2.3+b"] }].map(
      (difference) => planVersion({ ...nothing, ...difference }).mistakes[0]?.path,
    );
    expect(paths).toEqual(["version", "git tag v1.2.3+b", "git tag v1.2.3+b"]);
  });
});

describe("planVersion, when the version is a chart's", () => {
  const chart = { inChart: true, tagPattern: "app-v{version}", path: "charts/app/Chart.yaml: version" };
  const asked = (difference: Partial<VersionQuestion>) => planVersion({ ...nothing, ...chart, ...difference });

  it.each<[string, Partial<VersionQuestion>]>([
    ["1.2.3", {}],
    ["1.2.3", { tagsAtHead: ["app-v1.2.2", "app-v1.2.4"] }],
    ["1.2.3", { startedFor: "app-v1.2.3" }],
    ["1.2.3", { startedFor: "cli-v2.0.0" }],
    ["1.2.3+build.5", { accepts: "stable" }],
    ["1.2.3-rc.1", { accepts: "any" }],
  ])("is %s with %j", (configured, difference) => {
    const plan = { version: configured, from: "Chart.yaml", provisional: false };
    expect(asked({ configured, ...difference })).toEqual({ plan, mistakes: [] });
  });

  it.each<[string, Partial<VersionQuestion>, string]>([
    ["1.2.3-rc.1", { accepts: "stable" }, "is a pre-release, and this lane accepts stable versions only"],
    ["1.2", {}, "is not a semantic version (semver.org)"],
    ["1.2.3", { startedFor: "app-v1.2.4" }, "is not the version of the tag app-v1.2.4 that this run was started for"],
  ])("is not %s with %j", (configured, difference, reason) => {
    const { plan, mistakes } = asked({ configured, ...difference });
    expect([plan, mistakes.map((one) => [one.path, one.value, one.reason])]).toEqual([
      undefined,
      [[chart.path, configured, reason]],
    ]);
  });

  it("is missing in a preview as well if Chart.yaml cannot be read", () => {
    expect(asked({ preview: true, tagsAtHead: ["app-v1.2.3"] })).toEqual({ plan: undefined, mistakes: [] });
  });
});

describe("versionMistakes", () => {
  const semantic = "is not a semantic version (semver.org)";
  const build = "has build metadata, which an OCI tag cannot hold";
  const unstable = "is a pre-release, and this lane accepts stable versions only";
  const stable = "is a stable version, and this lane accepts pre-releases only";
  it.each<[string, string, string[]]>([
    ["1.2.3", "stable", []],
    ["0.0.0", "stable", []],
    ["1.2.3-rc.1", "stable", [unstable]],
    ["1.2.3-rc.1", "prerelease", []],
    ["1.2.3", "prerelease", [stable]],
    ["1.2.3", "any", []],
    ["1.2.3-rc.1", "any", []],
    ["1.2.9", "1.2.x", []],
    ["1.3.0", "1.2.x", ["is outside of this lane's range `1.2.x`"]],
    ["1.2.9-rc.1", "1.2.x", ["is outside of this lane's range `1.2.x`"]],
    ["v1.2.3", "any", [semantic]],
    ["1.2", "any", [semantic]],
    ["1", "any", [semantic]],
    ["01.2.3", "any", [semantic]],
    ["1.2.3.4", "any", [semantic]],
    [" 1.2.3", "any", [semantic]],
    ["1.2.3\n", "any", [semantic]],
    ["=1.2.3", "any", [semantic]],
    ["", "any", [semantic]],
    ["latest", "any", [semantic]],
    ["1.2.3+build.5", "any", [build]],
    ["1.2.3-rc.1+build.5", "stable", [build, unstable]],
  ])("says of %j on `%s`: %j", (version, accepts, reasons) => {
    expect(versionMistakes(version, accepts, "version").map(({ reason }) => reason)).toEqual(reasons);
  });

  it.each([
    ["1.2.3+5", "any", "`1.2.3`"],
    ["1.2.3-rc.1", "stable", "`1.2.3`, or a lane with `accepts: prerelease`"],
    ["1.2.3", "prerelease", "`1.2.3-rc.1`"],
  ])("shows for %s on `%s` the example %s", (version, accepts, example) => {
    expect(versionMistakes(version, accepts, "version")[0]?.example).toBe(example);
  });
});

describe("planVersion, when any tags are at HEAD", () => {
  const random = seededRandom(5);
  const words = ["v1.2.3", "v2.0.0-rc.1", "app-v1.2.3", "latest", "v1", "1.2.3", "v1.2.3+b", "vv1.2.3"];

  const cases = Array.from({ length: 500 }, () => {
    const tagsAtHead = words.filter(() => random(2) === 0);
    return { tagsAtHead, answer: planVersion({ ...nothing, tagsAtHead, accepts: "stable" }) };
  });

  it("releases only what is the one version of this unit at HEAD, and stable", () => {
    for (const { tagsAtHead, answer } of cases) {
      const ours = tagsAtHead.filter((tag) => ["v1.2.3", "v2.0.0-rc.1", "v1.2.3+b"].includes(tag));
      expect(answer.plan?.version).toBe(ours.length === 1 && ours[0] === "v1.2.3" ? "1.2.3" : undefined);
    }
  });

  it("has either a version or mistakes or no tag of this unit", () => {
    for (const { tagsAtHead, answer } of cases) {
      const none = !tagsAtHead.some((tag) => ["v1.2.3", "v2.0.0-rc.1", "v1.2.3+b"].includes(tag));
      expect([answer.plan !== undefined, answer.mistakes.length > 0, none].filter(Boolean)).toHaveLength(1);
    }
  });
});
