import { describe, expect, it } from "vitest";
import { joinOutlinedArtifacts } from "../../../config/artifact/artifact-kinds.ts";
import { chartName, nameCharts } from "../../../config/artifact/chart-names.ts";

const image = (repository: string, name?: string) => ({ images: [{ repository, name }] });
const chart = (repository?: string, name?: string) => ({ charts: [{ repository, name }] });

describe("nameCharts", () => {
  it.each([
    ["no image of its name", [image("r.io/web"), chart("r.io/charts/app")], ["web", "app"]],
    ["an image of its name", [image("r.io/app"), chart("r.io/charts/app")], ["app", "app-chart"]],
    ["a later image of its name", [chart("r.io/charts/app"), image("r.io/app")], ["app-chart", "app"]],
    ["an image that is called so", [image("r.io/web", "app"), chart("r.io/charts/app")], ["app", "app-chart"]],
    ["an image that is called otherwise", [image("r.io/app", "web"), chart("r.io/charts/app")], ["web", "app"]],
    ["a name that is written", [image("r.io/app"), chart("r.io/charts/app", "app")], ["app", "app"]],
    ["another chart of its name", [chart("r.io/a/app"), chart("r.io/b/app")], ["app", "app"]],
    ["no name that can be read", [image("r.io/app"), chart()], ["app", undefined]],
  ])("names a chart beside %s, and again the same", (_, units, names) => {
    const named = nameCharts(units.map((unit) => joinOutlinedArtifacts(unit)));
    expect(named.map(({ artifacts }) => artifacts[0]?.name)).toEqual(names);
    expect(nameCharts(named)).toEqual(named);
  });
});

describe("chartName", () => {
  it.each([
    ["app", "app-chart"],
    ["web", "web"],
  ])("is, of %s beside app, %s", (name, expected) => {
    expect(chartName(name, new Set(["app"]))).toBe(expected);
  });
});
