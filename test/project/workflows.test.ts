import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../code/source-files.ts";
import { files, page } from "../docs/markdown.ts";
import { mixes } from "../simulation/schedule/settings.ts";

const Step = z.union([
  z.strictObject({
    uses: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])).optional(),
  }),
  z.strictObject({ run: z.string() }),
]);

/** The part of GitHub's syntax that the project's own workflows use. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
const Workflow = z.strictObject({
  name: z.string(),
  on: z.union([
    z.strictObject({
      pull_request: z.null(),
      push: z.strictObject({ branches: z.tuple([z.literal("main")]) }),
    }),
    z.strictObject({
      schedule: z.tuple([z.strictObject({ cron: z.string().regex(/^\d+ \d+ \* \* \*$/) })]),
      workflow_dispatch: z.null(),
    }),
  ]),
  permissions: z.strictObject({}),
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.union([z.string(), z.literal(false)]) }),
  jobs: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      "runs-on": z.string().regex(/^ubuntu-\d\d\.\d\d$/),
      "timeout-minutes": z.number().max(60),
      permissions: z.record(z.string(), z.literal("read")),
      strategy: z
        .strictObject({
          "fail-fast": z.literal(false),
          matrix: z.union([
            z.strictObject({ shard: z.array(z.number()) }),
            z.strictObject({ mix: z.array(z.string()) }),
          ]),
        })
        .optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(Step),
    }),
  ),
});

const paths = await files(".github/workflows/*");
const texts = await Promise.all(paths.map((path) => readFile(join(root, path), "utf8")));
const workflows = texts.map((text) => Workflow.parse(parse(text)));
const jobs = workflows.flatMap((workflow) => Object.entries(workflow.jobs));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));

/** What stands behind `uses:`, with its comment, in every workflow of the project and of its pages. */
const uses = [...texts, await page("docs/adopt.md")].flatMap((text) =>
  [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action),
);

/** The scripts of package.json that a text runs. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map(([, script = ""]) => script);
}

describe("workflows", () => {
  it("are YAML: three jobs for each change, two for each night", () => {
    expect(paths).toEqual([".github/workflows/ci.yml", ".github/workflows/nightly.yml"]);
    expect(jobs.map(([id]) => id)).toEqual(["check", "fast", "engine", "simulation", "mutants"]);
  });

  it("simulate every mix each night", () => {
    const matrices = jobs.map(([, { strategy }]) => strategy?.matrix ?? { shard: [] });
    expect(matrices.flatMap((matrix) => ("mix" in matrix ? matrix.mix : []))).toEqual(mixes);
  });

  it.each(uses)("pin %s by a full commit id, and name its version", (action) => {
    expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("name one version of an action by one commit id only, also in the docs", () => {
    const ids = new Map<string, Set<string>>();
    for (const [, action = "", id = "", version = ""] of uses.map((text) => /^(.+)@(\w+) # (.+)$/.exec(text) ?? [])) {
      ids.set(`${action} ${version}`, (ids.get(`${action} ${version}`) ?? new Set()).add(id));
    }
    expect([...ids].filter(([, found]) => found.size > 1)).toEqual([]);
    expect(ids.size).toBeGreaterThan(5);
  });

  it.each(jobs)("let %s read the contents and nothing else", (_, { permissions }) => {
    expect(permissions).toEqual({ contents: "read" });
  });

  it.each(jobs)("leave no token in the checkout of %s", (_, { steps }) => {
    const checkouts = steps.flatMap((step) =>
      "uses" in step && step.uses.startsWith("actions/checkout@") ? [step.with?.["persist-credentials"]] : [],
    );
    expect(checkouts).toEqual([false]);
  });

  it.each(jobs)("run in %s only scripts that package.json has", (_, { steps }) => {
    const run = steps.flatMap((step) => ("run" in step ? scriptsIn(step.run) : []));
    expect(run).not.toEqual([]);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  it.each(jobs)("put no expression into what the shell of %s reads", (_, { steps }) => {
    expect(steps.filter((step) => "run" in step && step.run.includes("${{"))).toEqual([]);
  });

  it("run every shard once", () => {
    const shards = jobs.flatMap(([, { strategy }]) =>
      strategy !== undefined && "shard" in strategy.matrix ? strategy.matrix.shard : [],
    );
    expect(shards).toEqual(shards.map((_, at) => at + 1));
  });

  it("prove together what `npm run check` proves", () => {
    const run = jobs.flatMap(([, { steps }]) => steps.flatMap((step) => ("run" in step ? scriptsIn(step.run) : [])));
    expect(scripts["check:all"]).toBe("npm run check:sources && npm test");
    expect(scripts["check:code"]).toMatch(/ npm run check:sources$/);
    expect(run).toEqual(expect.arrayContaining(["check:code", "test"]));
  });
});
