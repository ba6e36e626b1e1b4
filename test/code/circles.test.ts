import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { productFolders, sourceFiles } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

/** Who imports whom, types included: "from" and "to" are files or folders. */
type Arrow = readonly [from: string, to: string];

const files = await sourceFiles([...productFolders, "sandbox", "toolchain"]);
const arrows = files.flatMap(arrowsOf);

function arrowsOf({ path, text }: SourceFile): Arrow[] {
  return [...text.matchAll(/(?:from|import\(?) ?"(\.[^"]+)"/g)].map(([, to = ""]) => [path, join(dirname(path), to)]);
}

/** The parts of a path from the first one at which two paths differ: what stands side by side in one folder. */
function siblings([from, to]: Arrow): Arrow {
  const [left, right] = [from.split("/"), to.split("/")];
  const differ = left.findIndex((part, index) => part !== right[index]);
  return [left.slice(0, differ + 1).join("/"), right.slice(0, differ + 1).join("/")];
}

/** What is left when everything that imports nothing, or is imported by nothing, is removed again and again: the circles. */
function circles(all: readonly Arrow[]): Arrow[] {
  const left = all.filter(([from, to]) => from !== to);
  const importing = new Set(left.map(([from]) => from));
  const imported = new Set(left.map(([, to]) => to));
  const kept = left.filter(([from, to]) => imported.has(from) && importing.has(to));
  return kept.length === left.length ? kept : circles(kept);
}

describe("imports", () => {
  it("are many", () => {
    expect(arrows.length).toBeGreaterThan(800);
  });

  it("lead to files that are there", () => {
    const paths = new Set(files.map(({ path }) => path));
    expect(arrows.filter(([, to]) => !paths.has(to))).toEqual([]);
  });

  it("make no circle of files", () => {
    expect(circles(arrows)).toEqual([]);
  });

  it("make no circle of folders", () => {
    expect(circles(arrows.map(([from, to]) => [dirname(from), dirname(to)]))).toEqual([]);
  });

  it("make no circle of what stands side by side in a folder", () => {
    expect(circles(arrows.map(siblings))).toEqual([]);
  });
});

describe("circles", () => {
  it.each<[string, Arrow[], Arrow[]]>([
    [
      "two files",
      [
        ["a", "b"],
        ["b", "a"],
      ],
      [
        ["a", "b"],
        ["b", "a"],
      ],
    ],
    [
      "three files, and one that leads to them",
      [
        ["a", "b"],
        ["b", "c"],
        ["c", "b"],
      ],
      [
        ["b", "c"],
        ["c", "b"],
      ],
    ],
    [
      "a chain",
      [
        ["a", "b"],
        ["b", "c"],
      ],
      [],
    ],
    ["a file of itself", [["a", "a"]], []],
  ])("are found: %s", (_, given, found) => {
    expect(circles(given)).toEqual(found);
  });
});
