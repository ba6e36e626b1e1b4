import { describe, expect, it } from "vitest";
import { chartTag, versionOfTag } from "../../../formats/chart/chart-tag.ts";

describe("chartTag", () => {
  it.each([
    ["1.2.3", "1.2.3"],
    ["1.2.3-rc.1", "1.2.3-rc.1"],
    ["1.2.3+build.5", "1.2.3_build.5"],
  ])("has %s under %s, and back", (version, tag) => {
    expect([chartTag(version), versionOfTag(tag)]).toEqual([tag, version]);
  });
});
