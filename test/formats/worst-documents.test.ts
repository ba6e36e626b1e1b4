import { execa } from "execa";
import { describe, expect, it } from "vitest";

const script = new URL("read-worst-document.ts", import.meta.url).pathname;
const shapes = ["empty lists", "a million empty objects", "a million descriptors", "depth", "one text"];

describe.each(["manifest", "record", "statement"])("a %s that was made to fill the memory", (kind) => {
  it.each(shapes)("takes less than 200 MB, and ends no process: %s", async (shape) => {
    const { stdout } = await execa("node", [script, kind, shape]);
    expect(Number(stdout)).toBeLessThan(200 * 2 ** 20);
  });
});
