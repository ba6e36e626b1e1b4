import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with `N passed, N failed`, alone on a line, for machines that read it. A file that does not load counts as one failure. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    for (const module of modules) {
      const results = [...module.children.allTests()].map((test) => test.result().state);
      passed += results.filter((state) => state === "passed").length;
      failed += results.filter((state) => state !== "passed").length;
      if (!module.ok() && !results.includes("failed")) {
        failed += 1;
      }
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
