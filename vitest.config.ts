import { defineConfig } from "vitest/config";
import { EngineFirst } from "./test/support/engine-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Runs of the real engine take seconds each, and minutes beside each other on a small machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    maxWorkers: 3,
    // Node runs the TypeScript as it is, here as in a release: nothing is transformed, and what was compiled once is kept.
    experimental: { viteModuleRunner: false },
    // Loading the same code for each file anew would be a quarter of the processor time. What a module keeps, it keeps by server,
    // repository or digest, and no two files have one in common.
    isolate: false,
    sequence: { sequencer: EngineFirst },
    setupFiles: ["./test/support/compiled-code.ts", "./test/support/count-engine-runs.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
