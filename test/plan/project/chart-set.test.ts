import { describe, expect, it } from "vitest";
import { readSpec } from "../../../config/release/read-spec.ts";
import { expandChartSet } from "../../../plan/project/chart-set.ts";
import { namedUnits } from "../../../plan/project/named-units.ts";
import type { FoundChart } from "../../../observe/source/chart-set.ts";
import { appUnit } from "../../config/valid-config.ts";

/** Charts by folder, with their versions. */
type Charts = Readonly<Record<string, string | undefined>>;

const two: Charts = { "charts/app": "1.2.3", "charts/web": "2.0.0" };

function expanded(config: Record<string, unknown>, charts: Charts = two, hubFile?: string) {
  const all = { repository: "Acme/widgets", signing: "units" in config ? undefined : "off", ...config };
  const texts = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [`lockstep:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
  const read = readSpec(Object.fromEntries(texts) as Record<string, string>, {});
  const found = Object.entries(charts).map(([folder, version]): FoundChart => {
    return { folder, version, ...(hubFile === undefined ? {} : { artifactHub: `${folder}/${hubFile}` }) };
  });
  return expandChartSet(read, { found, mistakes: [] });
}

/** A unit with an image of its name. */
function appOf(name: string): object {
  return { ...appUnit, name, images: [{ repository: `ghcr.io/acme/${name}` }] };
}

function told(config: Record<string, unknown>, charts: Charts = two): string[] {
  const { mistakes } = expanded(config, charts);
  return mistakes.map(({ path, value, reason, example }) => `${path} = ${String(value)}: ${reason}: ${example}`);
}

describe("expandChartSet", () => {
  it("makes a unit of each chart, with a repository of the owner", () => {
    const { spec, mistakes, left } = expanded({ charts: { path: "charts/*", license: "MIT" } });
    expect([mistakes, left]).toEqual([[], []]);
    expect(spec?.units).toEqual(
      [
        ["app", "1.2.3"],
        ["web", "2.0.0"],
      ].map(([name, version]) => ({
        name,
        version,
        tags: { git: `${name}-v{version}`, prefix: "" },
        license: "MIT",
        artifacts: [
          {
            kind: "chart",
            name,
            ociRepository: `ghcr.io/acme/charts/${name}`,
            place: ["charts", 0],
            written: { path: `charts/${name}`, repository: `ghcr.io/acme/charts/${name}` },
          },
        ],
        assets: [],
        signing: "off",
        lineage: true,
        chart: { name, folder: `charts/${name}`, latest: false },
      })),
    );
  });

  it("outlines the same units", () => {
    const { spec, outline } = expanded({ charts: "charts/*" });
    expect(spec?.units).toEqual(outline.units.map((unit) => ({ ...unit, assets: [] })));
  });

  it("fills in the templates", () => {
    const charts = { path: "charts/*", repository: "registry.example.org/helm/{name}", tag: "{name}-{version}" };
    const { spec } = expanded({ charts: { ...charts, latest: true } });
    expect(
      spec?.units.map(({ tags, chart, artifacts }) => [tags.git, chart?.latest, artifacts[0]?.ociRepository]),
    ).toEqual([
      ["app-{version}", true, "registry.example.org/helm/app"],
      ["web-{version}", true, "registry.example.org/helm/web"],
    ]);
  });

  it("has helm bring the dependencies of each chart if the set says so", () => {
    const { spec, outline } = expanded({ charts: { path: "charts/*", dependencies: "build" } }, two);
    for (const units of [spec?.units ?? [], outline.units]) {
      expect(units.flatMap(({ artifacts }) => artifacts.map(({ written }) => written))).toEqual([
        expect.objectContaining({ path: "charts/app", dependencies: "build" }),
        expect.objectContaining({ path: "charts/web", dependencies: "build" }),
      ]);
    }
  });

  it("hands each chart its own metadata for Artifact Hub", () => {
    const { spec, outline } = expanded({ charts: { path: "charts/*", artifactHub: "hub.yml" } }, two, "hub.yml");
    for (const units of [spec?.units, outline.units]) {
      expect(units?.map(({ artifacts }) => artifacts[0]?.written)).toEqual([
        expect.objectContaining({ artifactHub: "charts/app/hub.yml" }),
        expect.objectContaining({ artifactHub: "charts/web/hub.yml" }),
      ]);
    }
  });

  it("names the registry of the packages", () => {
    const { spec } = expanded({ charts: "charts/*", packages: { registry: "containers.example.org" } });
    expect(spec?.units[0]?.artifacts[0]?.ociRepository).toBe("containers.example.org/acme/charts/app");
  });

  it.each([
    [{ image: "ghcr.io/acme/widgets" }, "widgets v{version}"],
    [{ units: [{ ...appUnit, name: "cli", images: [{ repository: "ghcr.io/acme/cli" }] }] }, "cli v{version}"],
  ])("leaves the tag of the one unit beside it as it was: %j", (config, first) => {
    const charts = { path: "charts/*", signing: "off" };
    const { spec, mistakes } = expanded({ ...config, charts });
    expect(mistakes).toEqual([]);
    const named = namedUnits(spec!).map(({ name, tagPattern }) => `${name} ${tagPattern}`);
    expect(named).toEqual([first, "app app-v{version}", "web web-v{version}"]);
  });

  it("changes nothing without a set", () => {
    const read = readSpec({ "lockstep:repository": "acme/widgets", "lockstep:units": JSON.stringify([appUnit]) }, {});
    expect(expandChartSet(read, { found: [], mistakes: [] })).toEqual({ ...read, left: [] });
  });

  it("still says what is wrong elsewhere, and makes no spec of it", () => {
    const { spec, outline, mistakes } = expanded({ repository: "widgets", charts: "charts/*" });
    expect([spec, outline.units.length, mistakes.map(({ path }) => path)]).toEqual([undefined, 2, ["repository"]]);
  });
});

describe("expandChartSet, when an app and a chart are called the same", () => {
  const charts = { path: "charts/*", signing: "off" };
  const named = (config: Record<string, unknown>, found: Charts = two) => {
    const { spec, outline, mistakes } = expanded(config, found);
    expect([mistakes, outline.units.length]).toEqual([[], spec?.units.length]);
    const shown = namedUnits(spec!).map(({ name, tagPattern, unit: { artifacts, chart } }, at) => {
      expect(outline.units[at]?.artifacts.map((one) => one.name)).toEqual(artifacts.map((one) => one.name));
      return [name, tagPattern, artifacts.map((one) => `${one.kind} ${one.name}`).join(", "), chart?.name];
    });
    return Object.fromEntries(shown.map(([name, ...others]) => [name, others])) as Record<string, unknown[]>;
  };

  it.each<[string, Record<string, unknown>, Charts, Record<string, unknown[]>]>([
    [
      "the one unit, by its repository, and its image",
      { image: "ghcr.io/acme/widgets", charts },
      { "charts/widgets": "1.2.3" },
      {
        widgets: ["v{version}", "image widgets", undefined],
        "widgets-chart": ["widgets-v{version}", "chart widgets-chart", "widgets"],
      },
    ],
    [
      "the one unit, which has no image",
      { assets: [{ path: "install.yaml" }], charts },
      { "charts/widgets": "1.2.3" },
      {
        widgets: ["v{version}", "", undefined],
        "widgets-chart": ["widgets-v{version}", "chart widgets", "widgets"],
      },
    ],
    [
      "an image of a unit with another name",
      { image: "ghcr.io/acme/app", charts },
      two,
      {
        widgets: ["v{version}", "image app", undefined],
        app: ["app-v{version}", "chart app-chart", "app"],
        web: ["web-v{version}", "chart web", "web"],
      },
    ],
  ])("gives the chart a name that is free: %s", (_, config, found, names) => {
    expect(named(config, found)).toEqual(names);
  });
});

describe("expandChartSet, when a chart is left alone", () => {
  it("makes no unit of 0.0.0, and none of what another tool published", () => {
    const charts = { ...two, "charts/db": "0.0.0" };
    const { spec, mistakes, left } = expanded({ charts: { path: "charts/*", before: { app: "1.2.3" } } }, charts);
    expect(mistakes).toEqual([]);
    expect(spec?.units.map(({ name }) => name)).toEqual(["web"]);
    expect(left).toEqual([
      { name: "app", version: "1.2.3", why: "before" },
      { name: "db", version: "0.0.0", why: "skipped" },
    ]);
  });

  it("makes one of the next version, and of 0.0.0 with anything more", () => {
    const charts = { "charts/app": "1.2.4", "charts/db": "0.0.0-rc.1" };
    const { spec, left } = expanded({ charts: { path: "charts/*", before: { app: "1.2.3" } } }, charts);
    expect([spec?.units.map(({ name }) => name), left]).toEqual([["app", "db"], []]);
  });

  it("refuses a chart that does not exist", () => {
    expect(told({ charts: { path: "charts/*", before: { ap: "1.2.3" } } })).toEqual([
      "charts.before.ap = 1.2.3: is not a chart of the set: one of app, web",
    ]);
  });
});

describe("expandChartSet, when charts do not go together", () => {
  const other = "another name, for the chart and for its folder";
  it.each<[string, Record<string, unknown>, Charts, string[]]>([
    [
      "two charts of one name",
      { charts: ["charts/*", "infra/*"] },
      { "charts/app": "1.2.3", "infra/app": "1.2.3" },
      [`infra/app/Chart.yaml: name = app: is also the name of the chart in charts/app: ${other}`],
    ],
    [
      "a name that no unit can have",
      { charts: "charts/*" },
      { "charts/My--App": "1.2.3" },
      [
        `charts/My--App/Chart.yaml: name = My--App: must be lower-case letters and digits, joined by single \`-\`, \`_\` or \`.\`: ${other}`,
      ],
    ],
    [
      "the name of a unit and of an image, beside others that have its other name",
      {
        charts: { path: "charts/*", tag: "charts/{name}/{version}", signing: "off" },
        units: [appOf("app"), appOf("app-chart")],
      },
      two,
      [
        "charts/app/Chart.yaml: name = app-chart: is also the name of another unit: `name: app-chart-app` for the other one",
        "charts/app/Chart.yaml: name = app-chart: is also the name of another artifact: `name: app-chart-app` for the other one",
      ],
    ],
    [
      "the git tag of a unit",
      { charts: { path: "charts/*", signing: "off" }, units: [appOf("app"), appOf("db")] },
      two,
      [
        "charts.tag = app-v{version}: matches tags that units[0].tags.git (`app-v{version}`) also matches: one tag would be versions of two units: `charts/{name}/v{version}`",
      ],
    ],
    [
      "the repository of an image",
      {
        charts: { path: "charts/*", repository: "ghcr.io/acme/{name}" },
        images: [{ repository: "ghcr.io/acme/app", name: "x" }],
      },
      two,
      [
        "charts.repository = ghcr.io/acme/app: is also the repository of another artifact: one repository for each artifact",
      ],
    ],
    [
      "two charts of one tag",
      { charts: { path: "charts/*", tag: "v{version}" } },
      two,
      [
        "charts.tag = v{version}: matches tags that charts.tag (`v{version}`) also matches: one tag would be versions of two units: `{name}-v{version}`",
      ],
    ],
    [
      "a repository that is too long with a chart's name",
      { charts: { path: "charts/*", repository: `ghcr.io/${"a".repeat(230)}/{name}` } },
      { [`charts/${"b".repeat(30)}`]: "1.2.3" },
      [
        `charts.repository = ghcr.io/${"a".repeat(230)}/${"b".repeat(30)}: of the chart ${"b".repeat(30)} must be at most 255 characters: \`ghcr.io/acme/charts/{name}\``,
      ],
    ],
    [
      "a tag that git refuses with a chart's name",
      { charts: { path: "charts/*", tag: "{version}/{name}" } },
      { "charts/my.lock": "1.2.3" },
      ["charts.tag = {version}/my.lock: of the chart my.lock makes no valid git tag name: `{name}-v{version}`"],
    ],
  ])("refuses %s", (_, config, charts, said) => {
    expect(told(config, charts)).toEqual(said);
  });

  it("does not repeat what two units of the configuration cannot both have", () => {
    const units = [appUnit, { ...appUnit, images: [{ repository: "ghcr.io/acme/x" }] }];
    const charts = { path: "charts/*", signing: "off" };
    expect(told({ units, charts }, { "charts/web": "1.2.3" })).toEqual([
      "units[1].name = app: is also the name of another unit: another name",
    ]);
  });
});

describe("expandChartSet, when a message names a place", () => {
  const { pathOf } = expanded({ image: "ghcr.io/acme/widgets", charts: { path: "charts/*", tag: "{name}-{version}" } });
  it.each([
    [["units", 0, "images", 0, "repository"], "image"],
    [["units", 1], "charts/app"],
    [["units", 2, "version"], "charts/web/Chart.yaml: version"],
    [["units", 1, "name"], "charts/app/Chart.yaml: name"],
    [["units", 1, "charts", 0, "name"], "charts/app/Chart.yaml: name"],
    [["units", 1, "charts", 0, "path"], "charts.path"],
    [["units", 1, "charts", 0, "repository"], "charts.repository"],
    [["units", 1, "tags", "git"], "charts.tag"],
    [["units", 1, "signing", "refs"], "signing.refs"],
    [["units", 1, "license"], "license"],
  ])("%j is written as %s", (path, written) => {
    expect(pathOf(path)).toBe(written);
  });
});

describe("expandChartSet, when charts pin images", () => {
  const pins = { web: { "image.digest": { image: "api", form: "digest" } } };
  const units = [{ ...appUnit, name: "api", images: [{ repository: "ghcr.io/acme/api" }] }];
  const set = { path: "charts/*", signing: "off" };

  it("gives each chart its own", () => {
    const { spec, mistakes } = expanded({ units, charts: { ...set, pins } });
    expect(mistakes).toEqual([]);
    expect(
      spec?.units.map(({ artifacts }) => artifacts.map(({ written }) => "pins" in written && written.pins)),
    ).toEqual([[false], [undefined], [pins.web]]);
  });

  it("gives each chart the version of its own image", () => {
    const { spec, outline, mistakes } = expanded({ units, charts: { ...set, pins, appVersion: { web: "api" } } });
    expect(mistakes).toEqual([]);
    for (const all of [spec?.units ?? [], outline.units]) {
      const written = all.flatMap(({ artifacts }) => artifacts.map((artifact) => artifact.written));
      expect(written.map((one) => "appVersion" in one && one.appVersion)).toEqual([false, undefined, "api"]);
    }
  });

  it.each([
    [
      "an image that is not in the project",
      { web: "ap" },
      "charts.appVersion.web = ap: is not an image of this project: one of api",
    ],
    [
      "an image that the chart does not pin",
      { app: "api" },
      "charts.appVersion.app = api: is an image of another unit that the chart does not pin",
    ],
    ["a chart that is not in the set", { nope: "api" }, "charts.appVersion.nope = api: is not a chart of the set"],
  ])("refuses the version of %s, once", (_, appVersion, said) => {
    expect(told({ units, charts: { ...set, pins, appVersion } })).toEqual([expect.stringContaining(said)]);
  });

  it.each<[what: string, wrong: object, said: string]>([
    [
      "an image that is not in the project",
      { web: { "image.digest": { image: "ap", form: "digest" } } },
      "charts.pins.web.image.digest.image = ap: is not an image of this project: one of api",
    ],
    [
      "a chart that is not in the set",
      { nope: {} },
      "charts.pins.nope = [object Object]: is not a chart of the set: one of app, web",
    ],
    [
      "a form that does not exist",
      { web: { "image.digest": { image: "api", form: "sha" } } },
      "charts.pins.web.image.digest.form = sha: must be one of digest, hex, tag@digest, ref, repository, tag: ",
    ],
  ])("refuses %s, once", (_, wrong, said) => {
    expect(told({ units, charts: { ...set, pins: wrong } })).toEqual([expect.stringContaining(said)]);
  });
});
