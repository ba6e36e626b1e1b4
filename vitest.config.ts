import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Runs of the real engine take seconds each, and minutes beside each other on a small machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    maxWorkers: 3,
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
