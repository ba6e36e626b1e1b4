import { describe, expect, it } from "vitest";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { PublishedRelease } from "../../../observe/published/release.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { planPinnedCharts, unitsToAsk, withPinnedCharts } from "../../../plan/pins/pinned-charts.ts";
import type { PinnableUnit } from "../../../plan/pins/pinned-images.ts";
import { digest, identity, nothing, plannedProject } from "../made-up-project.ts";

const packed = {
  name: "widgets-1.0.0.tgz",
  packs: "chart" as const,
  path: "charts/widgets",
  sha256: "5".repeat(64),
  size: 700,
  version: "1.0.0",
  versionAt: "charts/widgets/Chart.yaml: version",
  content: { config: digest("c"), source: undefined, files: {} },
};
const repository = "ghcr.io/acme/app";
const words = { changes: undefined, remarks: [], installable: true };
const pins = { "image.tag": { image: "app", form: "tag@digest" }, "image.digest": { image: "app", form: "digest" } };

/** A project with the image `app` in one unit and the chart `widgets` in another, at the tags given. */
function project(
  tags: readonly string[],
  chart: object = { pins },
  signing: unknown = "off",
  { images, ...run }: { images?: string[]; preview?: boolean } = {},
) {
  const app = { name: "app", images: [{ repository }], tags: { git: "app-v{version}", prefix: "v" }, signing };
  const charts = [{ path: "charts/widgets", repository: "ghcr.io/acme/charts/widgets", ...chart }];
  return plannedProject({
    config: { units: [app, { name: "charts", charts, signing: "off" }] },
    workTree: { tags: [...tags] },
    files: [{}, { artifacts: [{ sbom: undefined, packed, ...(images && { words: { ...words, images } }) }] }],
    run,
  });
}

const both = ["app-v2.0.0", "charts-v1.0.0"];
const published = (more: Partial<PublishedUnit>): PublishedUnit => ({ ...nothing, ...more });
const tagged = (app: string): PublishedUnit =>
  published({ artifacts: { app: { digest: app, annotations: {}, children: [] } } });

/** A Release of `owner` whose record has these artifacts. */
function releaseOf(owner: string, artifacts: object, signed = false): PublishedRelease {
  const record = { artifacts } as ReleaseRecord;
  return { owner, title: "", url: "", author: "bot", record, signed, notes: undefined, files: {} };
}

/** What is planned for the chart, with what is published of both units; a version of `app` that is not in the run may be given. */
function planned(
  made: ReturnType<typeof project>,
  chart: PublishedUnit = nothing,
  app: PublishedUnit = nothing,
  elsewhere?: string,
) {
  const units = made.units.map((unit) => ({ unit, published: unit.name === "app" ? app : chart }));
  const pinnable: PinnableUnit[] = made.declared.map(({ name, unit: spec }) => {
    const own = units.find(({ unit }) => unit.name === name);
    return own
      ? { name, spec, version: own.unit.version.version, published: own.published, inRun: true }
      : { name, spec, version: elsewhere, published: elsewhere === undefined ? undefined : app, inRun: false };
  });
  return planPinnedCharts(units, pinnable);
}

const said = (version: string, known: string) => [
  { path: "image.digest", form: "digest", artifact: "app", version, digest: known },
  { path: "image.tag", form: "tag@digest", artifact: "app", version, digest: known },
];
const recorded = published({
  release: releaseOf("charts@1.0.0", { widgets: { digest: digest("c"), pins: said("1.9.0", digest("9")) } }),
});

describe("planPinnedCharts", () => {
  it("pins what this run pushes, in the order of the paths, with the unit's own version and tag", () => {
    const { charts, mistakes, notices } = planned(project(both));
    const common = { artifact: "app", version: "2.0.0", repository, tag: "v2.0.0", digest: undefined };
    expect(charts["widgets"]).toEqual({
      pins: [
        { ...common, path: "image.digest", form: "digest" },
        { ...common, path: "image.tag", form: "tag@digest" },
      ],
      versions: undefined,
      layer: `sha256:${packed.sha256}`,
      packageName: "widgets-1.0.0.tgz",
    });
    expect([mistakes["charts"], notices]).toEqual([[], []]);
  });

  it.each<[what: string, app: PublishedUnit, known: string | undefined]>([
    ["under its version tag", tagged(digest("a")), digest("a")],
    [
      "in the record of its Release",
      published({ release: releaseOf("app@2.0.0", { app: { digest: digest("b") } }) }),
      digest("b"),
    ],
    [
      "in the record of another version",
      published({ release: releaseOf("app@1.0.0", { app: { digest: digest("b") } }) }),
      undefined,
    ],
  ])("knows the digest of an image that is %s", (_, app, known) => {
    expect(planned(project(both), nothing, app).charts["widgets"]?.pins[0]?.digest).toBe(known);
  });

  it.each<[what: string, chart: PublishedUnit]>([
    ["of the published Release", recorded],
    [
      "of a draft whose chart has the version tag",
      published({
        artifacts: { widgets: { digest: digest("c"), annotations: {}, children: [] } },
        drafts: recorded.release ? [recorded.release] : [],
      }),
    ],
  ])("pins again what the record says: that %s", (_, chart) => {
    const { charts } = planned(project(both), chart, tagged(digest("a")));
    expect(charts["widgets"]?.pins.map((pin) => [pin.version, pin.tag, pin.digest])).toEqual([
      ["1.9.0", "v1.9.0", digest("9")],
      ["1.9.0", "v1.9.0", digest("9")],
    ]);
  });

  it("says that a published chart would have a newer image, and says it once", () => {
    expect(planned(project(both), recorded).notices).toEqual([
      "widgets 1.0.0 is published with app 1.9.0 and stays as it is. The chart's next version will have app 2.0.0.",
    ]);
  });

  it("needs nothing of a unit that is not in the run if the record says it", () => {
    const made = project(["charts-v1.0.0"]);
    const { charts, mistakes, notices } = planned(made, recorded);
    expect([charts["widgets"]?.pins[0]?.digest, mistakes["charts"], notices]).toEqual([digest("9"), [], []]);
  });

  it("leaves it to the comparison if a published record has no pins", () => {
    const chart = published({ release: releaseOf("charts@1.0.0", { widgets: { digest: digest("c") } }) });
    const { charts, mistakes } = planned(project(["charts-v1.0.0"]), chart);
    expect([charts["widgets"]?.pins[0]?.digest, mistakes["charts"]]).toEqual([undefined, []]);
  });

  it("keeps the pins of a record, whatever the configuration has by now", () => {
    for (const chart of [{}, { pins: { "image.tag": pins["image.tag"] } }]) {
      const { charts } = planned(project(both, chart), recorded);
      expect(charts["widgets"]?.recorded).toEqual(said("1.9.0", digest("9")));
      expect(charts["widgets"]?.pins.map(({ path }) => path)).toEqual(Object.keys(chart.pins ?? {}));
    }
  });

  it("writes versions: of the pinned image, and of the unit", () => {
    const made = project(both, { pins, appVersion: "app", version: "unit" });
    expect(planned(made).charts["widgets"]?.versions).toEqual({ appVersion: "2.0.0", version: "1.0.0" });
    expect(planned(made, recorded).charts["widgets"]?.versions).toEqual({ appVersion: "1.9.0", version: "1.0.0" });
  });

  it("plans nothing for a chart that is packaged as it is", () => {
    expect(planned(project(both, {})).charts).toEqual({});
  });
});

describe("planPinnedCharts, when the image's unit is not in the run", () => {
  const only = ["charts-v1.0.0"];
  const release = (known: string, signed = false) => releaseOf("app@1.5.0", { app: { digest: known } }, signed);

  it("pins the last published version", () => {
    const app = { ...tagged(digest("a")), release: release(digest("a")) };
    const { charts, mistakes } = planned(project(only), nothing, app, "1.5.0");
    expect(mistakes["charts"]).toEqual([]);
    expect(charts["widgets"]?.pins[0]).toMatchObject({ version: "1.5.0", tag: "v1.5.0", digest: digest("a") });
  });

  it("accepts the record of a signed unit if it is signed", () => {
    const app = { ...tagged(digest("a")), release: release(digest("a"), true) };
    expect(planned(project(only, { pins }, identity), nothing, app, "1.5.0").mistakes["charts"]).toEqual([]);
  });

  it.each<[what: string, signing: unknown, app: PublishedUnit, version: string | undefined, reason: string]>([
    ["no version is published", "off", nothing, undefined, "app has no published stable version to pin"],
    [
      "tag and record differ",
      "off",
      { ...tagged(digest("a")), release: release(digest("b")) },
      "1.5.0",
      "app 1.5.0 cannot be pinned: its version tag and its record differ",
    ],
    [
      "the version tag is gone",
      "off",
      published({ release: release(digest("b")) }),
      "1.5.0",
      "app 1.5.0 cannot be pinned: its version tag and its record differ",
    ],
    [
      "the record of a signed unit is not signed",
      identity,
      { ...tagged(digest("a")), release: release(digest("a")) },
      "1.5.0",
      "app 1.5.0 cannot be pinned: it has no signed record of its version tag",
    ],
  ])("refuses it if %s", (_, signing, app, version, reason) => {
    const { mistakes } = planned(
      project(only, { pins: { "image.tag": pins["image.tag"] } }, signing),
      nothing,
      app,
      version,
    );
    expect(mistakes["charts"]).toEqual([
      {
        path: "charts: charts[0].pins.image.tag",
        value: "app",
        reason: `is not released in this run, and ${reason}`,
        example: "a release of app first, or app in the same unit as the chart",
      },
    ]);
  });
});

describe("planPinnedCharts, when Chart.yaml names images for Artifact Hub", () => {
  const shown = (images: string[], chart = nothing, tags = both, preview = false): string[] =>
    planned(project(tags, { pins }, "off", { images, preview }), chart, tagged(digest("a"))).warnings;
  const warned = (reference: string, why: string): string =>
    `charts/widgets/Chart.yaml: annotations["artifacthub.io/images"] has ${reference}, but ${why}. Artifact Hub reads a version once.`;

  it("says once that a pinned image is another there", () => {
    const images = [`${repository}:v1.9.0`, `${repository}:v2.0.0@${digest("b")}`];
    expect(shown(images)).toEqual([
      warned(images[0]!, "the chart is released with v2.0.0"),
      warned(images[1]!, `the chart is released with ${digest("a")}`),
    ]);
  });

  it.each<[string, string[]]>([
    ["the same image", [`${repository}:v2.0.0`, `${repository}:v2.0.0@${digest("a")}`]],
    ["an image that it does not pin", ["redis:7", `${repository}-tools:v1`]],
  ])("says nothing of %s", (_, images) => {
    expect(shown(images)).toEqual([]);
  });

  it("says nothing of a published chart, nor of a version that is made up for a preview", () => {
    expect(shown([`${repository}:v1.0.0`], recorded)).toEqual([]);
    expect(shown([`${repository}:v1.0.0`], nothing, [], true)).toEqual([]);
  });
});

describe("unitsToAsk", () => {
  const asked = (made: ReturnType<typeof project>, chart = nothing) =>
    unitsToAsk(
      made,
      made.units.map((unit) => ({ unit, published: chart })),
    ).map(({ name }) => name);

  it.each<[what: string, made: ReturnType<typeof project>, chart: PublishedUnit, names: string[]]>([
    ["a unit that is not in the run", project(["charts-v1.0.0"]), nothing, ["app"]],
    ["no unit that is in the run", project(both), nothing, []],
    ["no unit for a chart whose record says it", project(["charts-v1.0.0"]), recorded, []],
    ["no unit for a chart that pins nothing", project(["charts-v1.0.0"], { version: "unit" }), nothing, []],
  ])("has %s", (_, made, chart, names) => {
    expect(asked(made, chart)).toEqual(names);
  });
});

describe("withPinnedCharts", () => {
  const made = project(both);
  const unit = made.units.find(({ name }) => name === "charts")!;
  const { charts } = planned(made);
  const hashes = { widgets: packed.sha256 };

  it("puts the edited package into the place of the folder's", () => {
    const edited = { ...packed, sha256: "6".repeat(64), size: 701 };
    const known = withPinnedCharts(unit, hashes, charts, { widgets: edited });
    expect([known.unit.files.artifacts[0]?.packed, known.sourceHashes]).toEqual([edited, { widgets: edited.sha256 }]);
    expect(known.unit.pinned).toEqual(charts);
  });

  it("leaves no package that is not known yet", () => {
    const known = withPinnedCharts(unit, hashes, charts, {});
    expect([known.unit.files.artifacts, known.sourceHashes]).toEqual([[{ sbom: undefined }], { widgets: "" }]);
  });

  it("leaves a unit without pins as it is", () => {
    expect(withPinnedCharts(unit, hashes, {}, {})).toEqual({ unit, sourceHashes: hashes });
  });
});
