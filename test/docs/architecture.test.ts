import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { layerDrawing, withLayers } from "../../lint/layer-page.ts";
import { layers } from "../../lint/layers.ts";
import { page, root } from "./markdown.ts";

const architecture = await page("docs/architecture.md");
const drawing = layerDrawing();

/** Every pair of layers that solid arrows join, by however many steps. */
function reached(arrows: readonly (readonly [from: string, to: string])[]): string[] {
  const found = new Set(arrows.map(([from, to]) => `${from} ${to}`));
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const pair of found) {
      const [from = "", over = ""] = pair.split(" ");
      for (const [, to] of arrows.filter(([begin]) => begin === over)) {
        found.add(`${from} ${to}`);
      }
    }
  }
  return [...found].toSorted();
}

const inTable = layers.flatMap(({ folder, imports }) =>
  layers
    .filter((other) => imports.some((name) => other.folder === name || other.folder.startsWith(`${name}/`)))
    .map((other) => [folder.replaceAll("/", "_"), other.folder.replaceAll("/", "_")] as const),
);
const inDrawing = [...drawing.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from = "", to = ""]) => [from, to] as const);

describe("docs/architecture.md", () => {
  it("has the drawing and the table of lint/layers.ts; `npm test -- test/docs/architecture.test.ts -u` writes them anew", async () => {
    await expect(withLayers(architecture)).toMatchFileSnapshot(join(root, "docs/architecture.md"));
  });

  it("has each invariant once", () => {
    const numbers = [...architecture.matchAll(/^\| (I\d) \|/gm)].map(([, number]) => number);
    expect(numbers).toEqual(["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"]);
  });
});

describe("layerDrawing", () => {
  it("has a node for each layer", () => {
    expect(layers.filter(({ folder }) => !drawing.includes(`"${folder}/"`))).toEqual([]);
  });

  it("says of imports what the table says, with fewer arrows", () => {
    expect(reached(inDrawing)).toEqual(reached(inTable));
    expect(inDrawing.length).toBeLessThan(inTable.length);
  });

  it("draws imports of types dotted", () => {
    expect(drawing).toContain("resources -. types .-> providers");
  });
});

describe("withLayers", () => {
  it("refuses a page without its marks", () => {
    expect(() => withLayers("# Architecture\n")).toThrow("docs/architecture.md has no <!-- layers: drawing -->");
  });

  it("writes the same a second time", () => {
    expect(withLayers(withLayers(architecture))).toBe(withLayers(architecture));
  });
});
