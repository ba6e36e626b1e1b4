import { describe, expect, it } from "vitest";
import { plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";

const charts = [
  { folder: "charts/app", version: "1.2.3" },
  { folder: "charts/db", version: "0.0.0" },
  { folder: "charts/web", version: "2.0.0+5" },
];

function planned(difference: Difference = {}) {
  return plannedProject({ charts, ...difference, config: { charts: "charts/*", ...difference.config } });
}

describe("planProject, when there is a chart set", () => {
  it("releases each chart under the version in its Chart.yaml, and none as `Latest`", () => {
    const { units } = planned({ workTree: { tags: [] } });
    expect(units.map(({ name, version, tagPattern, latest }) => ({ name, version, tagPattern, latest }))).toEqual([
      {
        name: "app",
        version: { version: "1.2.3", from: "Chart.yaml", provisional: false },
        tagPattern: "app-v{version}",
        latest: false,
      },
      {
        name: "web",
        version: { version: "2.0.0+5", from: "Chart.yaml", provisional: false },
        tagPattern: "web-v{version}",
        latest: false,
      },
    ]);
  });

  it("lets all of them be `Latest` if the set says so", () => {
    const { units } = planned({ config: { charts: { path: "charts/*", latest: true } } });
    expect(units.map(({ latest }) => latest)).toEqual([true, true]);
  });

  it("says which charts it leaves alone", () => {
    const { skipped, leftCharts } = planned({ config: { charts: { path: "charts/*", before: { app: "1.2.3" } } } });
    expect(skipped).toEqual([{ unit: "db", why: "0.0.0 in Chart.yaml: never released" }]);
    expect(leftCharts).toEqual([
      { name: "app", version: "1.2.3", why: "before" },
      { name: "db", version: "0.0.0", why: "skipped" },
    ]);
  });

  it("needs no chart that is released", () => {
    const { units, skipped } = planned({ charts: [{ folder: "charts/db", version: "0.0.0" }] });
    expect([units, skipped.length]).toEqual([[], 1]);
  });

  it("warns of build metadata, and once of signing that all of them share", () => {
    const workflow = "acme/widgets/.github/workflows/release.yml";
    const { warnings } = planned({ config: { signing: { workflow, refs: "refs/*" } } });
    expect(warnings).toEqual([
      expect.stringMatching(/^signing\.refs = `refs\/\*` accepts runs of pull requests/),
      expect.stringMatching(/^web 2\.0\.0\+5 has build metadata\. Its OCI tag is `2\.0\.0_5`/),
    ]);
  });
});

describe("planProject, when a unit stands beside a chart set", () => {
  const config = { image: "ghcr.io/acme/widgets" };

  it("releases both, and the unit as it would alone", () => {
    const { units } = planned({ config });
    expect(units.map(({ name, tagPattern, latest }) => [name, tagPattern, latest])).toEqual([
      ["widgets", "v{version}", true],
      ["app", "app-v{version}", false],
      ["web", "web-v{version}", false],
    ]);
  });

  it("skips a unit without a version in `up`, and shows it in a preview", () => {
    const workTree = { tags: [] };
    const up = planned({ config, workTree });
    expect([up.units.length, up.skipped.map(({ unit }) => unit)]).toEqual([2, ["widgets", "db"]]);
    const preview = planned({ config, workTree, run: { preview: true } });
    expect(preview.units.map(({ version }) => version.provisional)).toEqual([true, false, false]);
  });
});
