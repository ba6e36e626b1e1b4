import { describe, expect, it } from "vitest";
import type { TestSpecification, Vitest } from "vitest/node";
import { EngineFirst } from "../support/engine-first.ts";
import { sourceFiles } from "./source-files.ts";

const paths = (await sourceFiles(["test"])).map(({ path }) => path).filter((path) => path.endsWith(".test.ts"));
const files = paths.map((path) => ({ moduleId: `/checkout/${path}` }) as TestSpecification);

async function shards(count: number): Promise<string[][]> {
  const each = Array.from({ length: count }, (_, at) =>
    new EngineFirst({ config: { shard: { index: at + 1, count } } } as Vitest).shard(files),
  );
  return (await Promise.all(each)).map((shard) => shard.map(({ moduleId }) => moduleId.slice("/checkout/".length)));
}

describe("EngineFirst", () => {
  it.each([1, 2, 3, 4, 7])("has every file once in %i shards", async (count) => {
    expect((await shards(count)).flat().toSorted()).toEqual(paths.toSorted());
  });

  it("gives each shard as many files that run the engine, but for one", async () => {
    const counts = (await shards(4)).map((shard) => shard.filter((path) => path.startsWith("test/engine/")).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(2);
  });

  it("counts the files outside test/engine/ that run the engine as well", async () => {
    const [first = []] = await shards(1);
    const last = first.findLastIndex((path) => path.startsWith("test/engine/"));
    expect(paths).toContain("test/commands/start.test.ts");
    expect(first.indexOf("test/commands/start.test.ts")).toBeLessThan(last);
  });
});
