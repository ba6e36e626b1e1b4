import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { linesWith, productFolders, root, sourceFiles } from "./source-files.ts";

const product = await sourceFiles([...productFolders, "sandbox", "toolchain"]);
const tests = await sourceFiles(["test", "bench"]);
const all = [...product, ...tests];

describe("a file", () => {
  it("is at most 12 KB, if it is the product's", () => {
    expect(product.filter(({ text }) => Buffer.byteLength(text) > 12 * 1024).map(({ path }) => path)).toEqual([]);
  });

  it("is named after one thing", () => {
    expect(
      all
        .filter(({ path }) => /(^|[/.-])(utils?|helpers?|managers?|misc|common)([.-][^/]*)?(\/|$)/i.test(path))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it("is no barrel", () => {
    expect(all.filter(({ path }) => /\/index\.\w+$/.test(path)).map(({ path }) => path)).toEqual([]);
  });

  it("is written in lower case with dashes", () => {
    expect(all.filter(({ path }) => !/^[a-z0-9./-]+$/.test(path)).map(({ path }) => path)).toEqual([]);
  });

  it("stands in a folder that these checks know", async () => {
    const entries = await readdir(root, { withFileTypes: true });
    const folders = entries
      .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
      .map(({ name }) => name);
    const known = [...productFolders, "sandbox", "toolchain", "lint", "test", "bench", "docs", "examples"];
    expect(folders.filter((folder) => !known.includes(folder))).toEqual([]);
  });
});

describe("the tests", () => {
  // The words are put together so that this file does not hold them.
  const marks = ["skip", "skipIf", "only", "todo", "fails", "runIf"].join("|");

  it("leave no test out", () => {
    expect(linesWith(tests, new RegExp(`\\b(it|test|describe|suite)(\\.\\w+)*\\.(${marks})\\b`))).toEqual([]);
  });

  it("leave no test out by another name", () => {
    expect(linesWith(tests, new RegExp(`\\b[${"xf"}](it|describe|test)\\(|context\\.${"skip"}\\(`))).toEqual([]);
  });

  it("all have an ending that a runner looks for", () => {
    expect(
      tests
        .filter(
          ({ path, text }) => /^(describe|it|test)(\.\w+)*\(/m.test(text) && !/\.(test|conformance)\.ts$/.test(path),
        )
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe("the code", () => {
  it("waits for no process in a way that stops everything else", () => {
    expect(linesWith(all, new RegExp(`\\b(exec|spawn|execFile)${"Sync"}\\b`))).toEqual([]);
  });

  it("names no path of one machine", () => {
    const places = ["work", "root", "home", "Users"].join("|");
    expect(linesWith(all, new RegExp(`["'\`( ]/(${places})/\\w`))).toEqual([]);
  });

  it("listens on loopback only", () => {
    expect(linesWith(all, new RegExp(`["'\`]0\\.0\\.0\\.${"0"}["'\`]`))).toEqual([]);
  });

  it("has every import of Node's own modules with `node:`", () => {
    expect(
      linesWith(all, /^import .* from "(fs|path|os|crypto|http|https|net|url|util|stream|child_process)(\/\w+)?"/),
    ).toEqual([]);
  });
});
