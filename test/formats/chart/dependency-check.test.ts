import { describe, expect, it } from "vitest";
import { lockDigest } from "../../../formats/chart/chart-lock.ts";
import { readChartYaml } from "../../../formats/chart/chart-yaml.ts";
import { checkDependencies } from "../../../formats/chart/dependency-check.ts";
import { Dependencies } from "../../../formats/chart/dependency.ts";

const redis = { name: "redis", version: "^20.0.0", repository: "oci://registry.example/charts" };

interface Case {
  /** Default: redis. */
  wanted?: object[];
  /** Versions that a lock in sync has of these; undefined for no lock. */
  locked?: string[] | undefined;
  /** name@version in charts/. */
  there?: string[];
  stale?: boolean;
  apiVersion?: "v1" | "v2";
}

/** Place, value and reason of what is wrong. */
function complaints({ wanted = [redis], locked, there = [], stale = false, apiVersion = "v2" }: Case): unknown[] {
  const list = `dependencies: ${JSON.stringify(wanted)}\n`;
  const chart = `apiVersion: ${apiVersion}\nname: app\nversion: 1.0.0\n`;
  const { metadata, mistakes } = apiVersion === "v1" ? readChartYaml(chart, list) : readChartYaml(`${chart}${list}`);
  expect(mistakes).toEqual([]);
  const chosen = Dependencies.parse(
    wanted.map((dependency, at) => ({ ...dependency, version: locked?.[at] ?? "" })).filter(() => locked),
  );
  const lock = locked && {
    digest: stale ? "sha256:0" : lockDigest(metadata?.dependencies, chosen),
    dependencies: chosen,
  };
  const subcharts = there.map((text) => {
    const [name = "", version = ""] = text.split("@");
    return { name, version };
  });
  return checkDependencies({ metadata: metadata!, lock, subcharts }).map(({ path, value, reason }) => [
    path,
    value,
    reason,
  ]);
}

const place = "Chart.yaml: dependencies[0]";
const local = { name: "local", condition: "local.enabled" };

describe("checkDependencies, when Chart.yaml, the lock and charts/ agree", () => {
  it.each<[what: string, of: Case]>([
    ["no dependencies", { wanted: [] }],
    ["one version", { locked: ["20.1.0"], there: ["redis@20.1.0"] }],
    ["no lock", { there: ["redis@20.9.9"] }],
    ["charts that nothing names", { there: ["redis@20.9.9", "other@1.0.0"] }],
    ["a version with a `v` on one side", { locked: ["v20.1.0"], there: ["redis@20.1.0"] }],
    ["a lock that has a range", { locked: ["^20.0.0"], there: ["redis@20.3.0"] }],
    ["a chart of the folder without a range", { wanted: [local], there: ["local@0.1.0"] }],
    [
      "a chart of the folder with a range",
      { wanted: [{ ...local, version: "0.x" }], locked: ["0.x"], there: ["local@0.7.0"] },
    ],
    [
      "two versions of one chart",
      {
        wanted: [redis, { ...redis, version: "^19.0.0", alias: "old" }],
        locked: ["20.1.0", "19.2.0"],
        there: ["redis@19.2.0", "redis@20.1.0"],
      },
    ],
    [
      "pre-releases, if the range has one",
      { wanted: [{ ...redis, version: ">=20.0.0-0" }], there: ["redis@21.0.0-rc.1"] },
    ],
    ["requirements.yaml and requirements.lock", { apiVersion: "v1", locked: ["20.1.0"], there: ["redis@20.1.0"] }],
  ])("finds no mistake: %s", (_, of) => {
    expect(complaints(of)).toEqual([]);
  });
});

describe("checkDependencies, when they do not agree", () => {
  it.each<[what: string, of: Case, mistake: unknown[]]>([
    ["nothing in charts/", {}, [place, "redis", "is not in charts/"]],
    ["another chart in charts/", { there: ["valkey@20.1.0"] }, [place, "redis", "is not in charts/"]],
    [
      "a chart below the range",
      { there: ["redis@19.0.0"] },
      [place, "redis", "is in charts/ as 19.0.0, and ^20.0.0 is wanted"],
    ],
    [
      "two charts outside of the range",
      { there: ["redis@19.0.0", "redis@21.0.0"] },
      [place, "redis", "is in charts/ as 19.0.0 and 21.0.0, and ^20.0.0 is wanted"],
    ],
    [
      "a pre-release that the range does not have",
      { there: ["redis@20.1.0-rc.1"] },
      [place, "redis", "is in charts/ as 20.1.0-rc.1, and ^20.0.0 is wanted"],
    ],
    [
      "an older version than the lock's",
      { locked: ["20.2.0"], there: ["redis@20.1.0"] },
      [place, "redis", "is in charts/ as 20.1.0, and Chart.lock has 20.2.0"],
    ],
    [
      "a stale lock",
      { locked: ["20.2.0"], there: ["redis@20.1.0"], stale: true },
      ["Chart.lock", undefined, "does not belong to the dependencies in Chart.yaml"],
    ],
    [
      "a stale lock of a chart without dependencies",
      { wanted: [], locked: [], stale: true },
      ["Chart.lock", undefined, "does not belong to the dependencies in Chart.yaml"],
    ],
    [
      "a stale requirements.lock",
      { apiVersion: "v1", locked: ["20.1.0"], there: ["redis@20.1.0"], stale: true },
      ["requirements.lock", undefined, "does not belong to the dependencies in requirements.yaml"],
    ],
    [
      "no chart for requirements.yaml",
      { apiVersion: "v1" },
      ["requirements.yaml: dependencies[0]", "redis", "is not in charts/"],
    ],
  ])("says so of %s", (_, of, mistake) => {
    expect(complaints(of)).toEqual([mistake]);
  });

  it("says so of each dependency, in their order", () => {
    const wanted = [local, redis, { ...redis, alias: "second" }];
    expect(complaints({ wanted, there: ["redis@1.0.0"] }).map((mistake) => (mistake as string[])[0])).toEqual([
      "Chart.yaml: dependencies[0]",
      "Chart.yaml: dependencies[1]",
      "Chart.yaml: dependencies[2]",
    ]);
  });
});
