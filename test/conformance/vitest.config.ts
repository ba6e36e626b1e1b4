import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/conformance/*.conformance.ts"],
    // The servers' ports are fixed.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
