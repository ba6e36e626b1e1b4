import { describe, expect, it } from "vitest";
import type { Origin } from "../../../observe/published/origin.ts";
import { beforeText } from "../../../plan/notes/before-text.ts";

function text(...origins: Origin[]): string[] {
  const versions = ["1.2.3", "1.0.0+5", "0.1.0"];
  return beforeText(
    origins.map((origin, at) => ({
      chart: `chart${at + 1}`,
      version: versions[at] ?? "1.0.0",
      ociRepository: `ghcr.io/acme/charts/chart${at + 1}`,
      origin,
    })),
  ).split("\n");
}

describe("beforeText", () => {
  it("lists what others published, in the form of the configuration", () => {
    expect(text("others", "others", "ours")).toEqual([
      "2 of 3 charts have versions that another tool published. Write this into the chart set:",
      "",
      "before:",
      "  chart1: 1.2.3",
      "  chart2: 1.0.0+5",
    ]);
  });

  it("says that there is none", () => {
    expect(text("ours", "none")).toEqual([
      "No chart has a version that another tool published: `before` is not needed.",
    ]);
  });

  it("names repositories that cannot be read", () => {
    expect(text("others", { unreadable: "denied" })).toEqual([
      "1 of 2 charts has a version that another tool published. Write this into the chart set:",
      "",
      "before:",
      "  chart1: 1.2.3",
      "",
      "ghcr.io/acme/charts/chart2 may not be read with this login, or does not exist: denied",
    ]);
  });
});
