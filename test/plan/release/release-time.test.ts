import { describe, expect, it } from "vitest";
import { countWrites, describeReleaseTime } from "../../../plan/release/release-time.ts";
import { identity, nothing, ourRelease, commit } from "../made-up-project.ts";
import { asset, planned, tagged } from "./made-up-release.ts";

type Plan = Parameters<typeof countWrites>[0];

const [artifact] = planned().artifacts;
const file = (name: string, signed?: false): Plan["assets"][number] => ({
  name,
  from: { path: name, sha256: "a".repeat(64), size: 1 },
  ...(signed === false ? { signed } : {}),
});
const plan = (difference: Partial<Plan> = {}): Plan => ({
  published: false,
  assets: [],
  lineages: [],
  artifacts: [artifact!],
  signing: identity,
  githubAttestations: "auto",
  ...difference,
});

describe("countWrites", () => {
  const four = "the tag's object and ref, draft, publication";
  it.each<[string, Plan, number]>([
    [`${four}, record and its bundle, provenance`, plan(), 4 + 2 + 1],
    [`${four}, record`, plan({ signing: "off" }), 4 + 1],
    ["no provenance if the configuration says so", plan({ githubAttestations: "off" }), 4 + 2],
    ["file, checksums and record with a bundle each", plan({ assets: [file("a.txt")] }), 4 + 6 + 1],
    ["a bare signature more for a package", plan({ assets: [file("a-1.2.3.tgz")] }), 4 + 7 + 1],
    [
      "a lineage with its bundle, and checksums for it",
      plan({ lineages: [{ artifact: "app", name: "app-attestation-lineage.json" }] }),
      4 + 6 + 1,
    ],
    ["no bundle for a file without one", plan({ assets: [file("a.txt"), file("README.md", false)] }), 4 + 7 + 1],
    ["the provenance of each artifact", plan({ artifacts: [artifact!, artifact!, artifact!] }), 4 + 2 + 3],
    ["nothing for what is published", plan({ published: true }), 0],
  ])("counts %s", (_, counted, writes) => {
    expect(countWrites(counted)).toBe(writes);
  });

  it("reads real plans", () => {
    const published = { ...nothing, artifacts: tagged(), gitTagCommit: commit, release: ourRelease() };
    expect([planned(nothing, { assets: [asset] }), planned(published)].map((real) => countWrites(real))).toEqual([
      7, 0,
    ]);
  });
});

describe("describeReleaseTime", () => {
  /** Units that need five writes each, and a last one with as many files more. */
  const units = (count: number, more = 0): Plan[] => {
    const unit = plan({ signing: "off" });
    const files = Array.from({ length: more }, (_, at) => file(`${at}.txt`));
    return [...Array.from({ length: count - 1 }, () => unit), { ...unit, assets: files }];
  };
  const limits = { perMinute: 80, perHour: 500 };

  it.each<[string, Plan[], { perMinute: number; perHour: number }, string | undefined]>([
    ["nothing for no unit", [], limits, undefined],
    ["nothing for what passes at once", units(16), limits, undefined],
    [
      "one minute for one write more",
      units(15, 5),
      limits,
      "about 1 minute: 81 writes to GitHub, at 80 a minute and 500 an hour",
    ],
    ["minutes", units(40), limits, "about 2 minutes: 200 writes to GitHub, at 80 a minute and 500 an hour"],
    [
      "minutes of the whole first hour",
      units(100),
      limits,
      "about 6 minutes: 500 writes to GitHub, at 80 a minute and 500 an hour",
    ],
    [
      "an hour for one write more",
      units(99, 5),
      limits,
      "about 1 hour: 501 writes to GitHub, at 80 a minute and 500 an hour",
    ],
    [
      "hours and minutes",
      units(148),
      limits,
      "about 1 hour 2 minutes: 740 writes to GitHub, at 80 a minute and 500 an hour",
    ],
    [
      "several hours",
      units(300),
      limits,
      "about 2 hours 6 minutes: 1500 writes to GitHub, at 80 a minute and 500 an hour",
    ],
    [
      "the hour's limit below the minute's",
      units(3),
      { perMinute: 80, perHour: 10 },
      "about 1 hour: 15 writes to GitHub, at 80 a minute and 10 an hour",
    ],
    [
      "an hour that no minute fills",
      units(20),
      { perMinute: 1, perHour: 500 },
      "about 1 hour 39 minutes: 100 writes to GitHub, at 1 a minute and 500 an hour",
    ],
    ["nothing with a pace that is lifted", units(300), { perMinute: 60_000, perHour: 60_000 }, undefined],
  ])("says %s", (_, plans, pace, text) => {
    expect(describeReleaseTime(plans, pace)).toBe(text);
  });

  it("leaves out units that are published", () => {
    expect(
      describeReleaseTime(
        units(30).map((unit) => ({ ...unit, published: true })),
        limits,
      ),
    ).toBeUndefined();
  });
});
