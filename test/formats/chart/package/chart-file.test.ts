import { describe, expect, it } from "vitest";
import {
  oversizeReason,
  readText,
  unloadableReason,
  withoutMark,
} from "../../../../formats/chart/package/chart-file.ts";

describe("oversizeReason", () => {
  it("allows 5 MiB and nothing above", () => {
    expect(oversizeReason(5 * 2 ** 20)).toBeUndefined();
    expect(oversizeReason(5 * 2 ** 20 + 1)).toMatch(/^is larger than 5 MiB, and helm 3/);
  });
});

describe("unloadableReason", () => {
  it.each([
    ["a\\b", /backslash/],
    ["templates/a\\b.yaml", /backslash/],
    ["..data", /way out/],
    ["..", /way out/],
    ["c:/a", /way out/],
  ])("refuses %s", (path, words) => {
    expect(unloadableReason(path)).toMatch(words);
  });

  it.each(["Chart.yaml", ".helmignore", "files/..data", "files/c:/a", "a:b", "Größe 図.txt"])("allows %s", (path) => {
    expect(unloadableReason(path)).toBeUndefined();
  });
});

describe("withoutMark", () => {
  it.each([
    ["\ufeffa", "a"],
    ["\ufeff\ufeffa", "\ufeffa"],
    ["a\ufeff", "a\ufeff"],
    ["", ""],
  ])("makes %j of %j", (text, expected) => {
    expect(Buffer.from(withoutMark(Buffer.from(text))).toString()).toBe(expected);
  });
});

describe("readText", () => {
  it("drops a byte order mark, and refuses what is not UTF-8", () => {
    expect([readText(Buffer.from("\ufeffé")), readText(new Uint8Array([0x61, 0xff]))]).toEqual(["é", undefined]);
  });
});
