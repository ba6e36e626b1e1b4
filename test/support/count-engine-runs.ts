import { afterAll, beforeAll } from "vitest";
import { startedRuns } from "./engine-runs.ts";

declare module "vitest" {
  interface TaskMeta {
    /** How often a file of tests ran the engine. */
    engineRuns?: number;
  }
}

let before = 0;
beforeAll(() => {
  before = startedRuns();
});
afterAll(({}, { file }) => {
  file.meta.engineRuns = startedRuns() - before;
});
