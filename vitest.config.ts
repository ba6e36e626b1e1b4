import { defineConfig } from "vitest/config";

/** Tests of code that keeps nothing in its modules: their files share what they load. */
const pure = ["plan", "spec", "formats", "errors", "resources", "code", "docs"].map(
  (part) => `test/${part}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    // Runs of the real engine take seconds each, and minutes beside each other on a small machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    maxWorkers: 3,
    // Node runs the TypeScript as it is, here as in a release: nothing is transformed, and what was compiled once is kept.
    experimental: { viteModuleRunner: false },
    setupFiles: ["./test/support/compiled-code.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      { extends: true, test: { name: "world", include: ["test/**/*.test.ts"], exclude: pure } },
    ],
  },
});
