import { describe, expect, it } from "vitest";
import { renameKeys } from "../../../formats/chart/key-case.ts";

const known = { "": ["name", "items"], items: ["url"] };

describe("renameKeys", () => {
  it("renames keys of the file and of its lists, and reports each", () => {
    const { tree, mistakes } = renameKeys("A.yaml", { Name: "a", Items: [{ URL: "b" }, { url: "c" }, "d"] }, known);
    expect(tree).toEqual({ name: "a", items: [{ url: "b" }, { url: "c" }, "d"] });
    expect(mistakes.map(({ path, example }) => [path, example])).toEqual([
      ["A.yaml: Name", "`name`"],
      ["A.yaml: Items", "`items`"],
      ["A.yaml: Items[0].URL", "`url`"],
    ]);
  });

  it("leaves keys that it does not know, and keys below them", () => {
    const value = { other: { Name: "a" }, items: "none", NAMES: 1 };
    expect(renameKeys("A.yaml", value, known)).toEqual({ tree: value, mistakes: [] });
  });

  it.each([null, "a", ["a"]])("leaves %j", (value) => {
    expect(renameKeys("A.yaml", value, known)).toEqual({ tree: value, mistakes: [] });
  });

  it("folds the letters that Go folds", () => {
    expect(renameKeys("A.yaml", { "item\u017f": [] }, known).tree).toEqual({ items: [] });
  });
});
