import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { linesWith, root, sourceFiles } from "../code/source-files.ts";
import { mutants } from "./mutants/mutants.ts";
import type { ReportJson } from "./report.ts";
import type { KillsJson } from "./schedule/play-kills.ts";
import type { Ending } from "./schedule/script.ts";
import { stories } from "./scripts/stories.ts";

/** Runs `npm run simulate` in a process of its own: it replaces time and network. */
async function simulate<T>(...args: string[]): Promise<T> {
  const folder = join(root, "test/simulation");
  const hooks = `--import=${new URL("machine/hooks.ts", import.meta.url).href}`;
  const { stdout, stderr } = await execa(process.execPath, [hooks, join(folder, "simulate.ts"), ...args], {
    cwd: root,
    reject: false,
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as T;
}

describe("the simulation", () => {
  it("finds no violation in a hundred schedules", async () => {
    const reports = await Promise.all([
      simulate<ReportJson>("1-40", "--mix=alone", "--unsigned", "--json"),
      simulate<ReportJson>("1-10", "--mix=twins", "--mix=two lanes", "--mix=lagging lists", "--json"),
    ]);
    expect(reports.flatMap(({ violations }) => violations)).toEqual([]);
    expect(reports.map(({ schedules }) => schedules)).toEqual([40, 60]);
    // It would find none in an empty world either.
    expect(reports[0]?.requests).toBeGreaterThan(3000);
    expect(reports[1]?.requests).toBeGreaterThan(10_000);
    expect(reports[1]?.limits).toHaveProperty("one draft for each run");
  });

  it("finds a chart released whole after a run was killed at some of its requests", async () => {
    // `npm run conformance` kills at all of them.
    const { worlds, kills, wrong } = await simulate<KillsJson>("kills", "--signed", "--every=240", "--json");
    expect(wrong).toEqual([]);
    expect([worlds.length, worlds.every(({ requests }) => requests > 90)]).toEqual([6, true]);
    expect(kills).toBeGreaterThan(4);
  });

  it("gives equal traces for equal seeds, in different processes at once", async () => {
    const play = () => simulate<ReportJson>("7-9", "--mix=twins", "--mix=with a person", "--json");
    const [one, other] = await Promise.all([play(), play()]);
    expect(one.hashes).toHaveLength(12);
    expect(other.hashes).toEqual(one.hashes);
    expect(new Set(one.hashes).size).toBe(12);
  });

  it("gives each run a memory of its own, in every module that keeps something", async () => {
    const product = await sourceFiles(["clients", "providers", "observe"]);
    const kept = linesWith(product, /^(export )?(const|let) \w+(: [^=]+)? = new (Map|Set|WeakMap)\b/);
    const replaced = linesWith(product, /^const \w+ = new Map</);
    // Its verifier is replaced as a whole.
    expect(kept.filter((line) => !replaced.includes(line) && !line.startsWith("clients/sigstore/"))).toEqual([]);
  });
});

describe("a mutant of the simulation", () => {
  const patches = [...new Set(mutants.flatMap((mutant) => [mutant.patch, ...(mutant.with ?? [])]))];

  it.each(patches)("%s can still be made", async (patch) => {
    const file = join("test/simulation/mutants", `${patch}.patch`);
    const { stderr } = await execa("git", ["apply", "--check", file], { cwd: root, reject: false });
    expect(stderr).toBe("");
  });
});

describe("a story of the simulation", async () => {
  const endings = simulate<Ending[]>("stories");

  it.each(stories.map(({ title }) => title))("%s", async (title) => {
    const ending = (await endings).find((one) => one.title === title);
    expect(ending?.findings).toEqual([]);
  });
});
