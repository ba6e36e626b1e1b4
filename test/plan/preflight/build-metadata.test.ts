import { describe, expect, it } from "vitest";
import { warnOfBuildMetadata } from "../../../plan/preflight/build-metadata.ts";

const chart = { kind: "chart", name: "app", ociRepository: "ghcr.io/acme/charts/app" } as const;
const image = { kind: "image", name: "image", ociRepository: "ghcr.io/acme/app" } as const;

describe("warnOfBuildMetadata", () => {
  it("names the tag, how helm finds the chart, Flux, Argo CD and labels", () => {
    const [warning = "", ...others] = warnOfBuildMetadata([{ version: "1.2.3+build.5", artifacts: [image, chart] }]);
    expect(others).toEqual([]);
    for (const part of [
      "The chart app has the version 1.2.3+build.5",
      "the tag will be ghcr.io/acme/charts/app:1.2.3_build.5.",
      "`--version 1.2.3+build.5`",
      "Flux",
      "Argo CD",
      "Kubernetes label",
      "(`1.2.3`)",
    ]) {
      expect(warning).toContain(part);
    }
  });

  it.each([
    ["a chart without build metadata", { version: "1.2.3-rc.1", artifacts: [chart] }],
    ["no chart", { version: "1.2.3+build.5", artifacts: [image] }],
  ])("says nothing of %s", (_, unit) => {
    expect(warnOfBuildMetadata([unit])).toEqual([]);
  });
});
