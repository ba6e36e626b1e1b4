import { defineConfig, mergeConfig } from "vitest/config";
import { sourceFiles } from "./test/code/source-files.ts";
import { fastTests } from "./test/support/fast-tests.ts";
import everyTest from "./vitest.config.ts";

const fast = defineConfig({
  test: {
    setupFiles: ["./test/support/nothing-started.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});

const merged = mergeConfig(everyTest, fast);
// Merging would add to the list of all tests.
merged.test.include = fastTests(await sourceFiles(["test", "sandbox"]));
export default merged;
