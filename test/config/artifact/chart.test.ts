import { describe, expect, it } from "vitest";
import { appUnit, readShort, readUnits, told } from "../valid-config.ts";

const chart = { path: "charts/app", repository: "ghcr.io/acme/charts/app" };

describe("Chart", () => {
  it("stands behind the images in the unit's list of artifacts", () => {
    const { spec, mistakes } = readShort({ charts: [{ ...chart, name: "app-chart" }] });
    expect(mistakes).toEqual([]);
    expect(spec?.units[0]?.artifacts.map(({ kind, name, place }) => [kind, name, place])).toEqual([
      ["image", "widgets", ["images", 0]],
      ["chart", "app-chart", ["charts", 0]],
    ]);
  });

  it("is enough for a unit", () => {
    const { spec, mistakes } = readShort({ image: undefined, charts: [chart] });
    expect(mistakes).toEqual([]);
    expect(spec?.units[0]?.artifacts).toEqual([
      {
        kind: "chart",
        name: "app",
        ociRepository: "ghcr.io/acme/charts/app",
        place: ["charts", 0],
        written: chart,
      },
    ]);
  });

  it.each([
    [{ repository: chart.repository }, "charts[0].path: is missing"],
    [{ path: chart.path }, "charts[0].repository: is missing"],
    [{ ...chart, path: "." }, "charts[0].path: must be a folder of the chart's name"],
    [{ ...chart, path: "./" }, "charts[0].path: must be a folder of the chart's name"],
    [{ ...chart, path: "../app" }, "charts[0].path: must be a path below the workspace"],
    [{ ...chart, repository: "acme/charts/app" }, "charts[0].repository: has no registry in front"],
    [{ ...chart, repository: `${chart.repository}:1.2.3` }, "charts[0].repository: must not have a tag or a digest"],
    [{ ...chart, artifactHub: "/hub.yml" }, "charts[0].artifactHub: must be a path below the workspace"],
    [{ ...chart, name: "App" }, "charts[0].name: must be lower-case letters and digits"],
    [{ ...chart, platforms: [] }, "charts[0].platforms: is not a known key"],
  ])("refuses %j", (written, said) => {
    expect(told(readShort({ charts: [written] }))).toEqual([expect.stringContaining(said)]);
  });

  it("refuses the repository of an image", () => {
    expect(told(readShort({ charts: [{ path: "charts/widgets", repository: "ghcr.io/acme/widgets" }] }))).toEqual([
      "charts[0].repository: is also the repository of another artifact",
    ]);
  });

  it("refuses the name of an image, also of another unit", () => {
    const other = { name: "charts", charts: [chart], signing: "off" };
    expect(told(readUnits(appUnit, other))).toEqual(["units[1].charts[0].name: is also the name of another artifact"]);
  });
});
