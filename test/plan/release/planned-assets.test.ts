import { describe, expect, it } from "vitest";
import type { HashedAsset } from "../../../observe/source/assets.ts";
import { planAssets } from "../../../plan/release/planned-assets.ts";
import { publishedNotes, recordedRelease } from "../../../plan/published/recorded-release.ts";
import type { RecordedRelease } from "../../../plan/published/recorded-release.ts";
import { commit, digest, nothing, ourRelease, personsRelease, plannedProject } from "../made-up-project.ts";

const [one, two, three] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [string, string, string];
const file = (name: string, sha256: string, size = 7): HashedAsset => ({ name, path: `deploy/${name}`, sha256, size });

function plannedUnit() {
  const [unit] = plannedProject().units;
  if (unit === undefined) {
    throw new Error("no unit was planned");
  }
  return unit;
}

const question = (...assets: HashedAsset[]) => ({
  project: { workspace: "../widgets" },
  unit: plannedUnit(),
  assets,
});

/** A Release whose record has these files, and to which these are attached. */
function past(recorded: Record<string, string>, files: Record<string, number>, unsigned?: string[]): RecordedRelease {
  const record = {
    unit: "widgets",
    version: "1.2.3",
    revision: commit,
    gitTag: "v1.2.3",
    artifacts: {
      app: { kind: "chart", repository: "ghcr.io/acme/app", tag: "1.2.3", digest: digest("a"), buildInputs: one },
    },
    assets: { ...recorded, "checksums.txt": three, "app-attestation-lineage.json": two },
    ...(unsigned === undefined ? {} : { unsigned }),
    policy: { signing: "off" as const },
  };
  return { ...ourRelease(), record, files };
}

describe("planAssets", () => {
  it("has the files of the workspace", () => {
    expect(planAssets(question(file("a.txt", one)))).toEqual([
      { name: "a.txt", from: { path: "../widgets/deploy/a.txt", sha256: one, size: 7 } },
    ]);
  });

  it("has those of an earlier commit's Release as they were published", () => {
    const assets = question(file("new.txt", one), file("b.txt", two, 9), file("a.txt", one));
    const recorded = past({ "a.txt": one, "b.txt": one, "gone.txt": two }, { "a.txt": 7, "b.txt": 8, "gone.txt": 5 }, [
      "b.txt",
    ]);
    expect(planAssets(assets, recorded)).toEqual([
      { name: "b.txt", from: { path: "../widgets/deploy/b.txt", sha256: one, size: 8 }, signed: false },
      { name: "a.txt", from: { path: "../widgets/deploy/a.txt", sha256: one, size: 7 } },
      { name: "gone.txt", from: { path: "gone.txt", sha256: two, size: 5 } },
    ]);
  });

  it("attaches a file again that was removed, if the workspace still has it", () => {
    expect(planAssets(question(file("a.txt", one)), past({ "a.txt": one }, {}))[0]?.from?.size).toBe(7);
  });

  it("refuses to attach other bytes under the name of one that was removed", () => {
    expect(() => planAssets(question(file("a.txt", two)), past({ "a.txt": one }, {}))).toThrow(
      `promises a.txt with sha256 ${one}, and it is not attached any more`,
    );
  });
});

describe("recordedRelease", () => {
  it("is our published Release with a record", () => {
    const release = past({}, {});
    expect(recordedRelease({ ...nothing, release }, "widgets@1.2.3")).toEqual(release);
  });

  it.each([
    ["nothing is published", undefined],
    ["its record cannot be read", ourRelease()],
    ["it is a person's", { ...personsRelease, record: past({}, {}).record }],
  ])("is undefined if %s", (_, release) => {
    expect(recordedRelease({ ...nothing, release }, "widgets@1.2.3")).toBeUndefined();
  });
});

describe("publishedNotes", () => {
  it("has places for the digests of the record", () => {
    const notes = `pull app@${digest("a")}, not ${digest("b")}`;
    expect(publishedNotes({ ...past({}, {}), notes })).toBe(`pull app@{{digest:app}}, not ${digest("b")}`);
  });

  it.each([
    ["there is no Release", undefined],
    ["our marks are gone", past({}, {})],
  ])("is undefined if %s", (_, release) => {
    expect(publishedNotes(release)).toBeUndefined();
  });
});
