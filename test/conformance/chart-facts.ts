import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { readChartFiles } from "../../packaging/chart-folder.ts";
import { thisMachine } from "../../toolchain/machine/machine.mjs";
import { toolPaths } from "../../toolchain/machine/tool-paths.mjs";
import { versions } from "../../toolchain/machine/versions.mjs";
import { ignoreCases } from "../packaging/ignore-cases.ts";
import { knownDigests } from "../packaging/real-charts/known-digests.ts";
import { writeChart } from "../packaging/real-charts/real-chart.ts";
import { askHelm } from "./helm-files.ts";
import type { Answer, Question } from "./helm-files.ts";

/** Packages that must be the same on another version of Node: the twelve charts, with the digests that the other tests compare. */
export function olderNodeFacts(): void {
  describe("packageChart, on an older Node", () => {
    it("makes the same bytes", async () => {
      const { olderNode } = toolPaths(thisMachine());
      const program = fileURLToPath(new URL("../packaging/real-charts/pack.ts", import.meta.url));
      const args = [program, await temporaryFolder(), "0022", "2026-01-02T03:04:05Z", "9"];
      expect((await execa(olderNode, ["--version"])).stdout).toBe(`v${versions.olderNode}`);
      expect(Number.parseInt(versions.olderNode, 10)).toBeLessThan(Number.parseInt(process.versions.node, 10));
      expect(JSON.parse((await execa(olderNode, args)).stdout)).toEqual(knownDigests);
    });
  });
}

/**
 * What .helmignore must mean: what it means to helm's own loader.
 * @param charts how many are made up, in each run other ones
 * @param each versions of .helmignore for each of them
 */
export function ignoreFacts(charts: number, each: number): void {
  describe("readChartFiles, beside helm's own loader", () => {
    it(`finds the files that helm loads, in ${charts * each} cases`, { timeout: 600_000 }, async () => {
      const seed = Date.now() % 2 ** 31;
      const questions = await writeCharts(seed, charts, each);
      // Without rules helm loads everything.
      const folders = [...new Set(questions.map(({ folder }) => folder))];
      const whole = await askHelm(folders.map((folder) => ({ folder, ignore: "" })));
      const counts = new Map(folders.map((folder, at) => [folder, whole[at]!.files.length]));
      const compared: Compared[] = [];
      for (const [at, answer] of (await askHelm(questions)).entries()) {
        compared.push(await compare(questions[at]!, answer, counts.get(questions[at]!.folder)!));
      }
      const different = compared.filter(({ agreed }) => !agreed).map(({ question }) => question);
      expect({ seed, different: different.slice(0, 5) }).toEqual({ seed, different: [] });
      // Enough of them are charts that something is left out of.
      const reduced = compared.filter(({ isReduced }) => isReduced).length;
      expect(reduced).toBeGreaterThan(compared.length / 3);
    });
  });
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chart-facts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function writeCharts(seed: number, charts: number, each: number): Promise<Question[]> {
  const root = await temporaryFolder();
  const questions: Question[] = [];
  for (const { chart, ignores } of ignoreCases(seed, charts, each)) {
    const folder = join(root, chart.name);
    await writeChart(folder, chart, { time: new Date(), level: 1 });
    questions.push(...ignores.map((ignore) => ({ folder, ignore })));
  }
  return questions;
}

/** A question to helm and to Lockstep. */
interface Compared {
  question: Question;
  /** Whether both gave the same answer. */
  agreed: boolean;
  /** Whether a chart is left, and something of it is left out. */
  isReduced: boolean;
}

/** @param all files that helm loads without rules */
async function compare(question: Question, { files, error = "" }: Answer, all: number): Promise<Compared> {
  await writeFile(join(question.folder, ".helmignore"), question.ignore);
  const read = await readChartFiles(question.folder);
  if (/^(?:syntax error in pattern|double-star)/.test(error)) {
    return { question, agreed: read.mistakes.length > 0, isReduced: false };
  }
  // A malformed pattern that helm accepts matches nothing there, so that its opposite matches everything.
  const isEmpty = read.mistakes.some(({ value }) => String(value).startsWith("!"));
  const ours = isEmpty ? [] : read.files.map(({ path }) => path).toSorted();
  const agreed = JSON.stringify(ours) === JSON.stringify(files.toSorted());
  return { question, agreed, isReduced: files.includes("Chart.yaml") && files.length < all };
}
