import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { chartTable } from "../../../plan/release/chart-table.ts";
import type { PlannedUnit } from "../../../plan/release/chart-table.ts";
import { OtherContent } from "../../../plan/artifact/other-content.ts";
import { planRelease } from "../../../plan/release/release.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import { nothing, plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";

const refusal = new ReleaseError({
  code: "TAG_CONFLICT",
  step: "planning app@1.2.3",
  reason: "it differs",
  meaning: "It is published once.",
  fix: "Bump the version:\nchange it in charts/app/Chart.yaml.",
});

/** Plans every unit as if nothing was published, then changes the plans of some by name. */
function table(difference: Difference, changes: Readonly<Record<string, object>> = {}): string[] | undefined {
  const project = plannedProject(difference);
  const planned = project.units.map((unit): PlannedUnit => {
    const question = { project, unit, published: nothing, assets: [], sourceHashes: {}, before: undefined };
    const plan: ReleasePlan = planRelease({ ...question, web: "https://github.com" });
    const change = changes[unit.name] ?? {};
    const refused = "refusal" in change && change.refusal instanceof ReleaseError ? change.refusal : undefined;
    return refused ? { unit: unit.name, refusal: refused } : { unit: unit.name, plan: { ...plan, ...change } };
  });
  return chartTable(project, planned)?.split("\n");
}

const charts = Object.entries({ app: "1.2.3", cli: "1.0.0", db: "0.0.0", redis: "7.0.0", web: "2.0.0" }).map(
  ([name, version]) => ({ folder: `charts/${name}`, version }),
);
const config = { charts: { path: "charts/*", before: { redis: "7.0.0" } } };

describe("chartTable", () => {
  it("shows what happens to every chart, and counts them", () => {
    expect(table({ charts, config, workTree: { tags: [] } }, { cli: { published: true }, web: { refusal } })).toEqual([
      "5 charts: 1 new, 1 unchanged, 1 before, 1 skipped, 1 refused",
      "",
      "| chart | version | state     | what happens                                                        |",
      "| ----- | ------- | --------- | ------------------------------------------------------------------- |",
      "| app   | 1.2.3   | new       | released as app-v1.2.3                                              |",
      "| cli   | 1.0.0   | unchanged | stays as it is, from commit c0ffee0                                 |",
      "| db    | 0.0.0   | skipped   | left alone: this version is never released                          |",
      "| redis | 7.0.0   | before    | left alone: another tool published this version                     |",
      "| web   | 2.0.0   | refused   | TAG_CONFLICT: Bump the version: change it in charts/app/Chart.yaml. |",
      "",
      "If another tool published a version that is refused, list it in `before`: `npm run before` prints all such versions.",
    ]);
  });

  it("says which files have changed without a bump of the version", () => {
    const differences = ["files that differ: values.yaml, a|b.txt", "files that are not published: NOTES.txt"];
    const changed = new OtherContent(refusal.parts, { differences, isOurs: true });
    const [counts, , , , row, other, , , , hint] = table({ charts, config }, { app: { refusal: changed } }) ?? [];
    expect(counts).toBe("5 charts: 2 new, 1 before, 1 skipped, 1 changed without a bump");
    expect(row?.split(/ *(?<!\\)\| */).slice(1, -1)).toEqual([
      "app",
      "1.2.3",
      "changed without a bump",
      "files that differ: values.yaml, a\\|b.txt; files that are not published: NOTES.txt. Bump the version: change it in charts/app/Chart.yaml.",
    ]);
    expect([other?.length, hint]).toEqual([147, undefined]);
  });

  it("refuses what another tool published, with other content", () => {
    const foreign = new OtherContent(refusal.parts, { differences: ["it is not a Helm chart"], isOurs: false });
    const [counts, , , , row, ...others] = table({ charts, config }, { app: { refusal: foreign } }) ?? [];
    expect(counts).toBe("5 charts: 2 new, 1 before, 1 skipped, 1 refused");
    expect([row, others.at(-1)]).toEqual([
      expect.stringContaining("TAG_CONFLICT: Bump"),
      expect.stringContaining("before"),
    ]);
  });

  it("says of a chart that was pushed before that it is completed", () => {
    const decision = { how: "adopted", digest: "sha256:1" };
    const [, , , , row] = table({ charts, config }, { app: { artifacts: [{ decision }] } }) ?? [];
    expect(row).toMatch(/^\| app +\| 1\.2\.3 +\| unfinished +\| completed as app-v1\.2\.3 +\|$/);
  });

  it("has no row for another unit", () => {
    const image = "ghcr.io/acme/widgets";
    const one = table({ charts: [{ folder: "charts/app", version: "1.2.3" }], config: { charts: "charts/*", image } });
    expect([one?.[0], one?.length]).toEqual(["1 chart: 1 new", 5]);
  });

  it("does not exist without a chart set", () => {
    expect(table({})).toBeUndefined();
  });
});
