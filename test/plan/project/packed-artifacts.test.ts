import { describe, expect, it } from "vitest";
import type { AssetFile } from "../../../observe/source/assets.ts";
import { digest, nothing, plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";
import { planRelease } from "../../../plan/release/release.ts";

const packed = {
  name: "app-1.2.3.tgz",
  packs: "chart" as const,
  path: "charts/app",
  sha256: "5".repeat(64),
  size: 700,
  version: "1.2.3",
  versionAt: "charts/app/Chart.yaml: version",
  content: { config: digest("c"), source: undefined, files: {} },
};

/** A unit with one chart, at the tag v1.2.3. */
function unitOf(chart: Partial<typeof packed> = {}, assets: AssetFile[] = []): Difference {
  return {
    config: { image: undefined, charts: [{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }] },
    files: [{ artifacts: [{ sbom: undefined, packed: { ...packed, ...chart } }], assets }],
  };
}

describe("packedMistakes", () => {
  it("accepts a chart of the version that is released", () => {
    expect(plannedProject(unitOf()).units.map(({ name }) => name)).toEqual(["widgets"]);
  });

  it("refuses another version, and names both", () => {
    expect(() => plannedProject(unitOf({ version: "1.2.2" }))).toThrow(
      'charts/app/Chart.yaml: version = "1.2.2": is not the version 1.2.3 that is released: bump the version; for example `version: 1.2.3`',
    );
  });

  it("accepts another version in a preview of a commit that has no version yet", () => {
    const difference = { ...unitOf({ version: "1.2.4" }), workTree: { tags: [] }, run: { preview: true } };
    expect(plannedProject(difference).units[0]?.version.provisional).toBe(true);
  });

  it.each(["app-1.2.3.tgz", "APP-1.2.3.tgz", "app-1.2.3.tgz.sig"])("refuses a file with the name %s", (name) => {
    expect(() => plannedProject(unitOf({}, [{ name, path: `dist/${name}` }]))).toThrow(
      `charts[0].path = "charts/app": has the package \`app-1.2.3.tgz\`, and dist/${name} has the asset name`,
    );
  });

  it.each(["app-attestation-lineage.json", "app-attestation-lineage.json.sigstore.json"])(
    "refuses a file with the name %s if the chart gets a lineage",
    (name) => {
      const without = unitOf({}, [{ name, path: `dist/${name}` }]);
      expect(plannedProject(without).units).toHaveLength(1);
      expect(() => plannedProject({ ...without, config: { ...without.config, lineage: true } })).toThrow(
        `charts[0].path = "charts/app": has the lineage \`app-attestation-lineage.json\`, and dist/${name} has the asset name`,
      );
    },
  );

  it("makes the package a file of the Release", () => {
    const project = plannedProject(unitOf());
    const [unit] = project.units;
    const plan =
      unit &&
      planRelease({
        project,
        unit,
        published: nothing,
        assets: [],
        sourceHashes: { app: packed.sha256 },
        web: "https://github.com",
        before: undefined,
      });
    expect(plan?.assets).toEqual([
      { name: "app-1.2.3.tgz", from: { path: "charts/app", sha256: packed.sha256, size: 700, packs: "chart" } },
    ]);
  });
});
