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

  it.each([
    ["of its own unit", [{ ...appUnit, charts: [chart] }]],
    ["of another unit", [appUnit, { name: "charts", charts: [chart], signing: "off" }]],
    ["of a later unit", [{ name: "charts", charts: [chart], signing: "off" }, appUnit]],
  ])("has another name by default than an image: %s", (_, units) => {
    const { spec, outline, mistakes } = readUnits(...units);
    expect(mistakes).toEqual([]);
    for (const found of [spec?.units ?? [], outline.units]) {
      const names = found.flatMap(({ artifacts }) => artifacts.map(({ kind, name }) => `${kind} ${name}`));
      expect(names.toSorted()).toEqual(["chart app-chart", "image app"]);
    }
  });

  it("refuses the name of an image if it is written", () => {
    const other = { name: "charts", charts: [{ ...chart, name: "app" }], signing: "off" };
    expect(told(readUnits(appUnit, other))).toEqual(["units[1].charts[0].name: is also the name of another artifact"]);
  });
});

describe("Chart, when it pins images", () => {
  const image = { name: "app", repository: "ghcr.io/acme/app" };
  const pins = { "image.digest": { image: "app", form: "digest" } };
  const read = (more: object) =>
    readShort({ image: undefined, images: [image], charts: [{ ...chart, name: "c", ...more }] });

  it("keeps what is written", () => {
    const { spec, mistakes } = read({ pins, appVersion: "app", version: "unit" });
    expect(mistakes).toEqual([]);
    expect(spec?.units[0]?.artifacts[1]?.written).toEqual({
      ...chart,
      name: "c",
      pins,
      appVersion: "app",
      version: "unit",
    });
  });

  it.each<[more: object, said: string[]]>([
    [
      { pins: { "image..digest": pins["image.digest"] } },
      [
        "charts[0].pins.image..digest: is not the path of a value, written as for `helm --set`: `image.digest`, `containers[0].image`",
      ],
    ],
    [
      { pins: { "image.digest": { image: "app", form: "sha" } } },
      ["charts[0].pins.image.digest.form: must be one of digest, hex, tag@digest, ref, repository, tag"],
    ],
    [{ pins: { "image.digest": { form: "tag" } } }, ["charts[0].pins.image.digest.image: is missing"]],
    [{ pins: { "a.b": { image: "app", form: "tag", key: 1 } } }, ["charts[0].pins.a.b.key: is not a known key"]],
    [{ pins: { "a.b": { image: "ap", form: "tag" } } }, ["charts[0].pins.a.b.image: is not an image of this project"]],
    [{ pins: { "a.b": { image: "c", form: "tag" } } }, ["charts[0].pins.a.b.image: is not an image of this project"]],
    [{ appVersion: "ap" }, ["charts[0].appVersion: is not an image of this project"]],
    [{ version: "1.2.3" }, ["charts[0].version: must be `unit`, or be left out"]],
  ])("refuses %j", (more, said) => {
    expect(told(read(more))).toEqual(said);
  });

  it("shows the images that there are", () => {
    expect(read({ appVersion: "ap" }).mistakes[0]?.example).toBe("one of app");
  });

  const charts = (more: object) => ({ name: "charts", charts: [{ ...chart, name: "c", ...more }], signing: "off" });

  it("may pin an image of another unit, and have its version", () => {
    expect(told(readUnits(appUnit, charts({ pins, appVersion: "app" })))).toEqual([]);
  });

  it("refuses the version of another unit's image that it does not pin: no record would have it", () => {
    expect(told(readUnits(appUnit, charts({ appVersion: "app" })))).toEqual([
      "units[1].charts[0].appVersion: is an image of another unit that the chart does not pin, so that no record would have its version",
    ]);
  });

  const unit = (name: string, pinned: string) => ({
    name,
    images: [{ repository: `ghcr.io/acme/${name}` }],
    charts: [
      {
        path: `charts/${name}-chart`,
        repository: `ghcr.io/acme/charts/${name}-chart`,
        pins: { "image.tag": { image: pinned, form: "tag@digest" } },
      },
    ],
    signing: "off",
  });

  it("accepts units that pin images of each other in one direction only", () => {
    expect(told(readUnits(unit("a", "b"), unit("b", "c"), unit("c", "c")))).toEqual([]);
  });

  it("refuses units that would wait for each other, by way of others as well", () => {
    const said = (index: number) =>
      `units[${index}].charts[0].pins.image.tag.image: is an image of a unit whose own chart pins an image of this unit: each would wait for the other`;
    expect(told(readUnits(unit("a", "b"), unit("b", "a")))).toEqual([said(0), said(1)]);
    expect(told(readUnits(unit("a", "b"), unit("b", "c"), unit("c", "a")))).toEqual([said(0), said(1), said(2)]);
  });

  it("says nothing of a name that may be that of an image which cannot be read", () => {
    const images = [{ name: "App", repository: "ghcr.io/acme/App" }];
    const { mistakes } = readShort({ image: undefined, images, charts: [{ ...chart, name: "c", pins }] });
    expect(mistakes.filter(({ path }) => path.startsWith("charts"))).toEqual([]);
  });
});
