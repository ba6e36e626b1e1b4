import { describe, expect, it } from "vitest";
import { chooseKubeVersion } from "../../../packaging/helm/kube-version.ts";

describe("chooseKubeVersion", () => {
  it.each([
    ["", undefined],
    [">=1.20.0-0", undefined],
    ["^1.29.0", undefined],
    ["<1.25.0", "1.24.0"],
    [">=1.20.0 <1.25.0 || >=1.30.0 <1.33.0", "1.32.0"],
    [">=1.40.0", "1.40.0"],
    ["<1.0.0", undefined],
    ["no range", undefined],
  ])("chooses for %j", (range, version) => {
    expect(chooseKubeVersion(range)).toBe(version);
  });
});
