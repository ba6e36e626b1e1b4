import { describe, expect, it } from "vitest";
import { readSpec } from "../../../config/release/read-spec.ts";
import { appUnit, readShort, told } from "../valid-config.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const defaults = { tag: "{name}-v{version}", before: {}, latest: false };
const release = { issuer: "https://token.actions.githubusercontent.com", workflow, refs: "refs/tags/*", earlier: [] };

/** Reads the short form of a project with charts and nothing else. */
function readCharts(charts: unknown, keys: Record<string, unknown> = {}) {
  return readShort({ image: undefined, charts, ...keys });
}

/** Reads the long form of a project with a chart set beside its units. */
function readLong(charts: unknown, units: unknown[] = []) {
  const text = typeof charts === "string" ? charts : JSON.stringify(charts);
  const config = { "lockstep:repository": "acme/widgets", "lockstep:charts": text };
  return readSpec({ ...config, "lockstep:units": JSON.stringify(units) }, {});
}

describe("ChartSet, when it is written short", () => {
  it.each([
    ["charts/*", ["charts/*"]],
    [["charts/*"], ["charts/*"]],
    [
      ["charts/app", "infra/*"],
      ["charts/app", "infra/*"],
    ],
    [{ path: "charts/*" }, ["charts/*"]],
    [{ path: ["charts/app", "infra/*"] }, ["charts/app", "infra/*"]],
  ])("reads %j", (written, path) => {
    const { spec, mistakes } = readCharts(written);
    expect(mistakes).toEqual([]);
    expect([spec?.charts, spec?.units]).toEqual([{ path, ...defaults, signing: "off" }, []]);
  });

  it("gets the signing and the license of the top level, beside a unit as well", () => {
    const top = { signing: { workflow }, license: "MIT" };
    const { spec, mistakes } = readShort({ charts: "charts/*", ...top });
    expect(mistakes).toEqual([]);
    expect(spec?.charts).toEqual({ path: ["charts/*"], ...defaults, signing: release, license: "MIT" });
    expect(spec?.units.map(({ signing, license }) => [signing, license])).toEqual([[release, "MIT"]]);
  });

  it("keeps what it says itself", () => {
    const charts = { path: "charts/*", signing: { workflow }, license: "MIT" };
    const { spec, mistakes } = readShort({ charts, license: "Apache-2.0" });
    expect(mistakes).toEqual([]);
    expect([spec?.charts?.signing, spec?.charts?.license]).toEqual([release, "MIT"]);
    expect(spec?.units.map(({ signing, license }) => [signing, license])).toEqual([["off", "Apache-2.0"]]);
  });

  it("leaves a list of objects to the unit", () => {
    const { spec, mistakes } = readCharts([{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }]);
    expect(mistakes).toEqual([]);
    expect([spec?.charts, spec?.units[0]?.artifacts.map(({ kind }) => kind)]).toEqual([undefined, ["chart"]]);
  });

  it("makes no unit of a name alone", () => {
    expect(told(readCharts("charts/*", { name: "app" }))).toEqual([
      "configuration: releases nothing: it has no images, charts or assets",
    ]);
  });
});

describe("ChartSet, when it stands beside a list of units", () => {
  it("is read with all its keys", () => {
    const charts = {
      path: "charts/*",
      repository: "ghcr.io/acme/{name}",
      tag: "{name}-{version}",
      before: { app: "1.2.3", cli: "2.0.0-rc.1" },
      latest: true,
      license: "MIT",
      signing: "off",
    };
    const { spec, mistakes } = readLong(charts, [appUnit]);
    expect(mistakes).toEqual([]);
    expect([spec?.charts, spec?.units.length]).toEqual([{ ...charts, path: ["charts/*"] }, 1]);
  });

  it("is enough without any", () => {
    expect(readLong({ path: "charts/*", signing: "off" }).mistakes).toEqual([]);
  });

  it.each([[[{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }]], [[]]])(
    "is not a unit's list, as %j is",
    (charts) => {
      expect(told(readLong(charts, [appUnit]))).toEqual([
        "charts: belongs to a unit, but the stack has a list of `units`",
      ]);
    },
  );

  it("needs its own signing", () => {
    expect(told(readLong("charts/*", [appUnit]))).toEqual([
      "charts.signing: must name the workflow that signs, or be `off`",
    ]);
  });
});

describe("ChartSet, when it is wrong", () => {
  it.each([
    ["", "charts: must not be empty"],
    [".", "charts: must be a folder of the chart's name"],
    ["../charts/*", "charts: must be a path below the workspace"],
    [["charts/*", "/charts"], "charts[1]: must be a path below the workspace"],
    [{ path: "/charts" }, "charts.path: must be a path below the workspace"],
    [{ path: ["charts/*", "/charts"] }, "charts.path[1]: must be a path below the workspace"],
    [{ path: [] }, "charts.path: must name at least one folder"],
    [{ path: 7 }, "charts.path: must be a folder or a glob, or a list of them"],
    [{}, "charts.path: must be a folder or a glob, or a list of them"],
    [{ path: "charts/*", paths: "x" }, "charts.paths: is not a known key"],
    [{ path: "charts/*", repository: "ghcr.io/acme/charts" }, "charts.repository: must have `{name}` as its last part"],
    [{ path: "charts/*", repository: "ghcr.io/{name}/{name}" }, "charts.repository: must have `{name}` as its last"],
    [{ path: "charts/*", repository: "acme/{name}" }, "charts.repository: has no registry in front"],
    [{ path: "charts/*", repository: "ghcr.io/Acme/{name}" }, "charts.repository: must be lower case after the"],
    [{ path: "charts/*", tag: "{name}" }, "charts.tag: must have `{version}` in it, once"],
    [{ path: "charts/*", tag: "{name} {version}" }, "charts.tag: makes no valid git tag name"],
    [{ path: "charts/*", before: { app: "1.2" } }, "charts.before.app: is not a semantic version (semver.org)"],
    [{ path: "charts/*", before: { app: 1 } }, "charts.before.app: must be of type string"],
    [{ path: "charts/*", latest: "yes" }, "charts.latest: must be of type boolean"],
    [{ path: "charts/*", signing: { refs: "refs/heads/main" } }, "charts.signing.workflow: is missing"],
    [{ path: "charts/*", license: "" }, "charts.license: must not be empty"],
  ])("says of %j: %s", (charts, said) => {
    const signing = typeof charts === "object" && "signing" in charts ? undefined : "off";
    expect(told(readCharts(charts, { signing }))).toEqual([expect.stringContaining(said)]);
  });

  it("shows a wrong signing once, at the top level where it stands", () => {
    const keys = { signing: { workflow: "release.yml" } };
    for (const charts of ["charts/*", ["charts/*"], { path: "charts/*" }]) {
      expect(readShort({ charts, ...keys }).mistakes.map(({ path }) => path)).toEqual(["signing.workflow"]);
      expect(readCharts(charts, keys).mistakes.map(({ path }) => path)).toEqual(["signing.workflow"]);
      expect(told(readCharts(charts, { signing: undefined }))).toEqual([
        "signing: must name the workflow that signs, or be `off`",
      ]);
    }
  });

  it("refuses a key of the top level that counts for nothing", () => {
    const charts = { path: "charts/*", signing: "off", license: "MIT" };
    expect(told(readCharts(charts, { license: "MIT" }))).toEqual([
      "license: counts for nothing: there is no unit, and the charts have their own",
      "signing: counts for nothing: there is no unit, and the charts have their own",
    ]);
  });

  it("shows what is wrong beside it", () => {
    const read = readShort({ repository: "widgets", image: "acme/app", charts: { path: "charts/*", tag: "v1" } });
    expect(told(read)).toEqual([
      "repository: must be `owner/name` of a GitHub repository",
      "charts.tag: must have `{version}` in it, once",
      "image: has no registry in front",
    ]);
    expect(read.outline.charts).toEqual({ path: ["charts/*"], before: {}, latest: false, signing: "off" });
  });
});
