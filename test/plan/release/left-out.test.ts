import { describe, expect, it } from "vitest";
import { listLeftOut } from "../../../plan/release/left-out.ts";
import type { UnitPlan } from "../../../plan/project/project.ts";
import { plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";

const charts = { config: { image: undefined, charts: [{ path: "charts/app", repository: "ghcr.io/acme/app" }] } };

function listed(difference: Difference, changes: Partial<UnitPlan["spec"]> = {}): string[] {
  const [unit] = plannedProject(difference).units;
  return unit === undefined ? ["no unit"] : listLeftOut({ ...unit, spec: { ...unit.spec, ...changes } }, "app-v1.2.3");
}

describe("listLeftOut", () => {
  it("names what an image's Release does not have", () => {
    expect(listed({})).toEqual([
      "no text of its own in the notes: CHANGELOG.md has no section for this version",
      "no licenses label: `license` is not configured",
    ]);
    expect(listed({ config: { license: "MIT" }, files: [{ changelog: "# 1.2.3\nx" }] })).toEqual([]);
  });

  it("asks for no licenses label of a chart, which has none", () => {
    expect(listed({ ...charts, files: [{ changelog: "# 1.2.3\nx" }] })).toEqual([]);
  });

  it("names missing documents, remarks and every place without a text", () => {
    const words = {
      changes: undefined,
      remarks: ["Chart.yaml: artifacthub.io/changes cannot be read"],
      installable: true,
    };
    const files = [{ artifacts: [{ sbom: undefined, words }], missingDocuments: ["LICENSE: there is no LICENSE"] }];
    expect(listed({ ...charts, files }, { chart: { name: "app", folder: "charts/app", latest: false } })).toEqual([
      "no text of its own in the notes: the git tag app-v1.2.3 has no message, the chart's CHANGELOG.md no section for this version, and its Chart.yaml no artifacthub.io/changes",
      "Chart.yaml: artifacthub.io/changes cannot be read",
      "LICENSE: there is no LICENSE",
    ]);
  });
});
