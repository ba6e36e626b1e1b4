import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineBudget } from "../support/engine-runs.ts";
import { files, page, root, sections } from "./markdown.ts";

const contributing = await page("CONTRIBUTING.md");
const parts = sections(contributing);

/** The rows of the first table in a section, without its head: the text of each cell. */
function rowsOf(title: string): string[][] {
  const text = parts.find((section) => section.title === title)?.text ?? "";
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) => line.slice(2, -2).split(" | "));
}

const additions = rowsOf("Where do I add it?");

/** Every path that a row names, with what stands for a name as it is written: `providers/SUBJECT/NAME.ts`. */
const paths = additions.flatMap(([what = "", where = "", check = ""]) =>
  [...`${where} ${check}`.matchAll(/`([^` ]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => path.includes("/") || path.includes("."))
    .map((path) => [what, path] as const),
);

describe("CONTRIBUTING.md, where to add things", () => {
  it("answers for whatever people add", () => {
    const asked = ["kind of artifact", "stop", "provider", "key", "error code", "label", "command", "tool", "page"];
    expect(asked.filter((thing) => !additions.some(([what]) => what?.includes(thing)))).toEqual([]);
    expect(paths.length).toBeGreaterThan(60);
  });

  it.each(paths)("sends whoever adds %s to %s, which is there or has siblings", async (_, path) => {
    const pattern = path.replaceAll(/[A-Z]{4,}/g, "*");
    const found = pattern === path ? await stat(join(root, path)).then(() => [path]) : await files(pattern);
    expect(found).not.toEqual([]);
  });
});

describe("CONTRIBUTING.md, tests", () => {
  it("gives the budget of engine runs that the tests are held to", () => {
    expect(contributing).toContain(`at most ${engineBudget} times`);
  });
});

describe("CONTRIBUTING.md, language", () => {
  it("has a row for each of the eleven rules", () => {
    expect(rowsOf("Language")).toHaveLength(11);
  });
});
