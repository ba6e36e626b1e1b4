import { beforeAll, describe, expect, it } from "vitest";
import { release } from "../../programs/release.ts";
import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { useNoHelm } from "../support/helm-on-path.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import type { StackRun } from "../support/program-stack.ts";
import { foreignRelease, pushRefused, uploadRefused } from "./chart-faults.ts";
import { releaseWithFaults } from "./fault-facts.ts";
import { chartNames, twelveCharts } from "./twelve-charts.ts";
import type { TwelveCharts } from "./twelve-charts.ts";

const signing = signingSandbox();
const { world } = signing;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

const revisions = ({ units }: StackRun): Record<string, string> =>
  Object.fromEntries(Object.entries(units ?? {}).map(([name, { revision }]) => [name, revision]));

describe("release, when twelve charts were added by three commits", () => {
  it("releases each at its own commit, and then finds all of them the same, with reads only", async () => {
    useNoHelm();
    const { project, write, publicCharts } = await twelveCharts(signing, "in-time", false);
    const stack = programStack();
    const commits: Record<string, string> = {};
    for (const start of [0, 4, 8]) {
      const added = chartNames.slice(start, start + 4);
      await write(added);
      const commit = await project.commit();
      Object.assign(commits, Object.fromEntries(added.map((name) => [name, commit])));
      const run = await stack.up(project);
      expect(run.stops, run.output).toBe(false);
      expect([run.created.length, revisions(run)]).toEqual([4 * 4, commits]);
    }
    const published = await publicCharts();
    expect(Object.entries(published).map(([name, { commit, releases }]) => [name, commit, releases.length])).toEqual(
      Object.entries(commits).map(([name, commit]) => [name, commit, 1]),
    );

    const mark = world.sandbox.journal.mark();
    const again = await stack.up(project);
    expect([again.stops, again.operations.filter((one) => !one.startsWith("same "))], again.output).toEqual([
      false,
      [],
    ]);
    expect([again.operations.length, revisions(again)]).toEqual([12 * 4, commits]);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    expect(await publicCharts()).toEqual(published);
  });
});

describe("release, when one of twelve charts is wrong", () => {
  const dependency = '{name: base, version: ^1.0.0, repository: "file://../base"}';
  const chartYaml = `apiVersion: v2\nname: jobs\nversion: 1.2.3\ndependencies:\n- ${dependency}\n`;
  const lock = `dependencies:\n- {name: base, version: 1.0.0, repository: "file://../base"}\ndigest: sha256:${"0".repeat(64)}\n`;
  const base = { "charts/jobs/charts/base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.0.0\n" };
  const wrong: [what: string, files: Record<string, string>, said: string][] = [
    [
      "a version that is not a semantic version",
      { "charts/jobs/Chart.yaml": "apiVersion: v2\nname: jobs\nversion: 1.10\n" },
      "- charts/jobs/Chart.yaml: version = ",
    ],
    [
      "a dependency that is missing",
      { "charts/jobs/Chart.yaml": chartYaml },
      '- charts/jobs/Chart.yaml: dependencies[0] = "base": is not in charts/',
    ],
    [
      "a stale lock",
      { ...base, "charts/jobs/Chart.yaml": chartYaml, "charts/jobs/Chart.lock": lock },
      "- charts/jobs/Chart.lock: does not belong to the dependencies in Chart.yaml",
    ],
    ["a template that helm refuses", { "charts/jobs/templates/app.yaml": "{{ nope }}" }, "- charts/jobs: helm lint: "],
  ];
  let charts: TwelveCharts;

  beforeAll(async () => {
    charts = await twelveCharts(signing, "one-wrong", false);
  });

  it.each(wrong)("writes nothing at all: %s", async (_, files, said) => {
    const { project, write } = charts;
    await write(chartNames);
    const others = ["Chart.lock", "charts/base/Chart.yaml"].map((file) => [`charts/jobs/${file}`, undefined] as const);
    await project.write({ ...Object.fromEntries(others), ...files });
    await project.commit();
    const mark = world.sandbox.journal.mark();
    const { stops, registered, output } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)], output).toEqual([true, [], []]);
    expect(output).toContain(said);
    expect(output.match(/- charts\//g)).toHaveLength(1);
  });
});

describe("release, when three of twelve charts meet a fault", () => {
  it("completes all others, and releases only these three when it runs again", async () => {
    useNoHelm();
    const met = { auth: pushRefused, mail: uploadRefused, search: foreignRelease };
    expect(await releaseWithFaults(signing, "three-faults", false, met)).toEqual(["auth", "mail", "search"]);
  });
});
