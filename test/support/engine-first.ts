import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Starts with the tests that run the engine: they take longest, and whoever starts last must not be waited for alone. */
export class EngineFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => Number(isEngine(other)) - Number(isEngine(one)));
  }

  /** Deals the files out in turn, those that run the engine first. Vitest's own shards are cut from a list in which they lie together by chance. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 };
    const byPath = files.toSorted((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
    return [...byPath.filter(isEngine), ...byPath.filter((file) => !isEngine(file))].filter(
      (_, at) => at % count === index - 1,
    );
  }
}

function isEngine({ moduleId }: TestSpecification): boolean {
  return /\/test\/(engine\/|commands\/start\.test)/.test(moduleId);
}
