import { beforeAll, describe, expect, it } from "vitest";
import { release } from "../../programs/release.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { useNoHelm } from "../support/helm-on-path.ts";
import { programRun } from "../support/program-run.ts";
import type { ProgramRun, RunKind } from "../support/program-run.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const world = connectedSandbox();
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

const names = ["first", "second", "third"];
const template = (data: string, name = "a"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {text: ${data}}\n`;

/** A project with three charts in one unit, committed at v1.2.3; the second one has this template. */
async function threeCharts(second: string): Promise<Project> {
  const name = `judged-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const place = `${world.sandbox.addresses.registry}/acme/${name}`;
  await project.configure({
    repository: project.fullName,
    charts: names.map((chart) => ({ path: `charts/${chart}`, repository: `${place}/${chart}` })),
    signing: "off",
  });
  for (const chart of names) {
    await project.write({
      [`charts/${chart}/Chart.yaml`]: `apiVersion: v2\nname: ${chart}\nversion: 1.2.3\n`,
      [`charts/${chart}/templates/a.yaml`]: chart === "second" ? second : template("x"),
    });
  }
  await project.commit("v1.2.3");
  return project;
}

/** What a run said, and what it wrote anywhere. */
async function run(kind: RunKind, project: Project): Promise<ProgramRun & { writes: unknown[] }> {
  const mark = world.sandbox.journal.mark();
  const seen = await programRun(kind, () => release(project.configuration()));
  return { ...seen, writes: world.sandbox.journal.writes(mark) };
}

describe("release, when helm refuses one of three charts", () => {
  const refusals: [command: string, second: string, words: string][] = [
    [
      "lint",
      "{{ nope }}",
      'helm lint: templates/: parse error at (second/templates/a.yaml:1): function "nope" not defined',
    ],
    ["template", '{{ fail "never" }}', "helm template: execution error at (second/templates/a.yaml:1:3): never"],
  ];

  it.each(refusals.flatMap((refusal) => (["preview", "up"] as const).map((kind) => [kind, ...refusal] as const)))(
    "writes nothing at all: %s, helm %s",
    async (kind, command, second, words) => {
      const { stops, output, registered, writes } = await run(kind, await threeCharts(second));
      expect([stops, registered, writes], output).toEqual([true, [], []]);
      expect(output).toContain("[CONFIGURATION]");
      expect(output).toContain(
        `- charts/second: ${words}; for example \`helm ${command} charts/second\` shows the same`,
      );
      expect(output).not.toMatch(/charts\/(first|third): helm/);
    },
  );
});

describe("release, when helm warns of a chart", () => {
  it.each<[kind: RunKind, isShown: boolean]>([
    ["preview", true],
    ["up", false],
  ])("shows it in a preview: %s", async (kind, isShown) => {
    const { stops, output } = await run(kind, await threeCharts(template("x", "A_B")));
    expect(stops, output).toBe(false);
    expect(output.includes("charts/second: helm lint: templates/a.yaml: object name does not conform")).toBe(isShown);
  });
});

describe("release, when there is no helm", () => {
  it.each<RunKind>(["preview", "up"])("says that charts are not rendered, and goes on: %s", async (kind) => {
    const project = await threeCharts("{{ nope }}");
    useNoHelm();
    const { stops, output } = await run(kind, project);
    expect(stops, output).toBe(false);
    expect(output).toContain("charts/first, charts/second, charts/third: not rendered: helm is not here");
  });
});
