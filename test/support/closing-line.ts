import type { Reporter, TestModule, Vitest } from "vitest/node";
import { engineBudget, engineRunsText } from "./engine-runs.ts";

/**
 * Closes a run with how often the engine ran, and with `N passed, N failed`, alone on a line, for machines that read it. A file that does
 * not load counts as one failure, and so do each error outside of a test and more runs of the engine than their budget. A test that did not
 * run counts as failed, unless `-t` left it out.
 */
export default class ClosingLine implements Reporter {
  #chosenByName = false;

  onInit(vitest: Vitest): void {
    this.#chosenByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      const results = [...module.children.allTests()].map((test) => test.result().state);
      passed += results.filter((state) => state === "passed").length;
      failed += results.filter((state) => state !== "passed" && !(this.#chosenByName && state === "skipped")).length;
      if (!module.ok() && !results.includes("failed")) {
        failed += 1;
      }
    }
    const { text, over } = engineRunsText(
      modules.map((module) => ({ path: module.relativeModuleId, runs: module.meta().engineRuns ?? 0 })),
      engineBudget,
    );
    if (over) {
      failed += 1;
      process.exitCode = 1;
    }
    process.stdout.write(`\n${text}\n${passed} passed, ${failed} failed\n`);
  }
}
