import { describe, expect, it } from "vitest";
import { chartPlanner } from "../../../plan/artifact/chart.ts";

const written = { path: "charts/app", repository: "ghcr.io/acme/charts/app" };
const hash = "5".repeat(64);

describe("chartPlanner", () => {
  it("has the digest of the package for build inputs, at every commit and for every repository", () => {
    expect(chartPlanner.buildInputs(written, hash)).toBe(hash);
    expect(chartPlanner.buildInputs({ ...written, repository: "ghcr.io/acme/charts/other" }, hash)).toBe(hash);
  });

  it.each([
    ["1.2.3", "", "1.2.3"],
    ["1.2.3", "v", "1.2.3"],
    ["1.2.3-rc.1", "", "1.2.3-rc.1"],
    ["1.2.3+build.5", "", "1.2.3_build.5"],
  ])("has for %s with the prefix %j the tag that helm asks for: %s", (version, prefix, tag) => {
    expect(chartPlanner.tag(version, prefix)).toBe(tag);
  });

  it("is packed in a file of helm's name, whatever its own name is", () => {
    expect(chartPlanner.packageName({ ...written, name: "app-chart" }, "1.2.3")).toBe("app-1.2.3.tgz");
  });

  it("says where the folder is, which package it makes, and what the manifest says beside Chart.yaml", () => {
    const common = {
      name: "app",
      ociRepository: written.repository,
      tag: "1.2.3",
      buildInputs: hash,
      sourceHash: hash,
      sbom: undefined,
      attestations: undefined,
      decision: { how: "build" as const },
    };
    const context = {
      version: "1.2.3",
      license: undefined,
      workspace: "../widgets",
      source: "https://github.com/acme/widgets",
      revision: "a".repeat(40),
      commitTime: 1_767_323_045,
      buildOnPreview: true,
      adopted: undefined,
    };
    expect(chartPlanner.plan(common, written, context)).toEqual({
      ...common,
      kind: "chart",
      parameters: { path: "charts/app" },
      path: "../widgets/charts/app",
      layer: `sha256:${hash}`,
      stamps: {
        created: "2026-01-02T03:04:05Z",
        source: "https://github.com/acme/widgets",
        revision: "a".repeat(40),
      },
    });
  });
});
