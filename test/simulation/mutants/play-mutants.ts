import { cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import type { ReportJson } from "../report.ts";
import type { Rule } from "../rules/observer.ts";
import { mutants } from "./mutants.ts";
import type { Mutant } from "./mutants.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The most schedules of a mutant: one that lives longer is not caught. */
const mostSchedules = 500;

/** What became of a mutant. */
interface Fate {
  mutant: Mutant;
  /** Schedules until a rule caught it; undefined if none did. */
  schedules: number | undefined;
  /** Rules that caught it. */
  rules: Rule[];
}

/**
 * Plays each mutant until a rule catches it: its patch is applied to a copy of the product.
 * @param name only this one; default all
 * @returns a table in Markdown, and whether each was caught by its rule
 */
export async function playMutants(name: string | undefined): Promise<{ table: string; caught: boolean }> {
  const fates: Fate[] = [];
  for (const mutant of mutants.filter(({ patch }) => name === undefined || patch === name)) {
    fates.push(await playMutant(mutant));
    console.error(`${mutant.patch}: ${fates.at(-1)?.schedules ?? "not caught"}`);
  }
  const lines = fates.map(({ mutant: { patch, removes, mix, rule }, schedules, rules }) =>
    [
      patch,
      removes,
      mix,
      schedules ?? `not caught in ${mostSchedules}`,
      rules.includes(rule) ? rule : `${rules.join(", ") || "none"}, not ${rule}`,
    ].join(" | "),
  );
  const head = ["Mutant | Without | Mix | Schedules until caught | Rule", "--- | --- | --- | --- | ---"];
  return {
    table: [...head, ...lines].map((line) => `| ${line} |`).join("\n"),
    caught: fates.length > 0 && fates.every(({ mutant, rules }) => rules.includes(mutant.rule)),
  };
}

async function playMutant(mutant: Mutant): Promise<Fate> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-mutant-"));
  try {
    await copyProduct(folder);
    for (const patch of [mutant.patch, ...(mutant.with ?? [])]) {
      await execa("git", ["apply", join(root, "test/simulation/mutants", `${patch}.patch`)], { cwd: folder });
    }
    const simulation = join(folder, "test/simulation");
    const kind = [`--mix=${mutant.mix}`, mutant.signed ? "--signed" : "--unsigned"];
    const { stdout } = await execa(
      process.execPath,
      [
        `--import=${pathToFileURL(join(simulation, "machine/hooks.ts")).href}`,
        join(simulation, "simulate.ts"),
        `1-${mostSchedules}`,
        ...kind,
        "--first",
        "--json",
      ],
      { cwd: folder, reject: false },
    );
    const { schedules, violations } = JSON.parse(stdout) as ReportJson;
    const rules = [...new Set(violations.map(({ rule }) => rule))];
    return { mutant, schedules: rules.length > 0 ? schedules : undefined, rules };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Copies everything that the simulation loads. */
async function copyProduct(folder: string): Promise<void> {
  const others = new Set(["node_modules", "docs", "bench", "examples", "toolchain"]);
  const entries = await readdir(root);
  for (const entry of entries.filter((name) => !name.startsWith(".") && !others.has(name))) {
    await cp(join(root, entry), join(folder, entry), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
}
