import { describe, expect, it } from "vitest";
import type { ChartMetadata } from "../../../formats/chart/chart-yaml.ts";
import { findPrereleaseMistakes } from "../../../formats/chart/prerelease-mark.ts";

const found = (version: string, value?: string) =>
  findPrereleaseMistakes({
    version,
    annotations: value === undefined ? {} : { "artifacthub.io/prerelease": value },
  } as ChartMetadata);

describe("findPrereleaseMistakes", () => {
  it.each([
    ["1.2.3", undefined],
    ["1.2.3-rc.1", undefined],
    ["1.2.3", "false"],
    ["1.2.3", "F"],
    ["1.2.3-rc.1", "true"],
    ["1.2.3-rc.1", "1"],
    ["1.2.3+build-5", "false"],
  ])("accepts of %s the mark %s", (version, value) => {
    expect(found(version, value)).toEqual([]);
  });

  it.each([
    ["1.2.3", "true", "is not what the version says: 1.2.3 is a stable version", '`"false"`, or no such annotation'],
    [
      "1.2.3-rc.1",
      "false",
      "is not what the version says: 1.2.3-rc.1 is a pre-release",
      '`"true"`, or no such annotation',
    ],
    ["1.2.3", "no", "is neither true nor false", '`"false"`, or no such annotation'],
  ])("refuses of %s the mark %s", (version, value, reason, example) => {
    expect(found(version, value)).toEqual([
      { path: 'Chart.yaml: annotations["artifacthub.io/prerelease"]', value, reason, example },
    ]);
  });
});
