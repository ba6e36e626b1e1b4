import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Starts with the tests that run the engine: they take longest, and whoever starts last must not be waited for alone. */
export class EngineFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => Number(isEngine(other)) - Number(isEngine(one)));
  }
}

function isEngine({ moduleId }: TestSpecification): boolean {
  return /\/test\/(engine\/|start\.test|sandbox\/github-plugin)/.test(moduleId);
}
