import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandTable } from "../../commands/command-line/command-table.ts";
import { age as ageKind } from "../../commands/command-line/value-kinds.ts";
import { codeBlocks, page, pages } from "./markdown.ts";

interface Step {
  uses?: string;
  with?: { path?: string };
}

const blocks = await codeBlocks(await pages(), "yaml");
const workflows = blocks
  .map(({ text }) => parse(text) as { jobs?: Record<string, { steps?: Step[] }> } | null)
  .flatMap((block) => Object.values(block?.jobs ?? {}));

describe("the workflow that keeps the state in its cache", () => {
  const paths = workflows
    .flatMap(({ steps = [] }) => steps)
    .filter(({ uses }) => uses?.startsWith("actions/cache"))
    .map((step) => step.with?.path?.trim().split("\n") ?? [])
    .filter((each) => each.some((path) => path.includes(".pulumi-state")));

  it("there are such workflows", () => {
    expect(paths.length).toBeGreaterThan(2);
  });

  it("the locks are neither saved nor restored", () => {
    const folder = "lockstep/.pulumi-state/.pulumi";
    for (const each of paths) {
      const ofState = each.filter((path) => path.includes(".pulumi-state"));
      expect(ofState).toEqual([`${folder}/meta.yaml`, `${folder}/stacks`]);
    }
  });
});

describe("the reference of options for locks", () => {
  it("the ages in the page are understood, and the default is the program's", async () => {
    const text = await page("docs/locks.md");
    const [, examples = "", byDefault = ""] = /\*\*`--lock-age`\*\*[^:]*: ([^.]*)\. Default: `(\w+)`/.exec(text) ?? [];
    const ages = [...examples.matchAll(/`(\w+)`/g)].map(([, age]) => age ?? "");
    expect(ages).toHaveLength(3);
    for (const age of ages) {
      expect(ageKind.read(age), age).toBeGreaterThan(0);
    }
    expect(byDefault).toBe(commandTable.release.options["lock-age"].default);
  });
});
