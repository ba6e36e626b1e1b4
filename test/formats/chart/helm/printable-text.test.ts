import { describe, expect, it } from "vitest";
import { cleanText, trimSpace } from "../../../../formats/chart/helm/printable-text.ts";

describe("cleanText", () => {
  it.each([
    ["plain text", "A chart, 100 % free <of> charge & more", "A chart, 100 % free <of> charge & more"],
    ["nothing", "", ""],
    ["letters of other scripts, and marks", "Größe ｶﾞ 図 नमस्ते e\u0301", "Größe ｶﾞ 図 नमस्ते e\u0301"],
    ["a picture", "🚀", "🚀"],
    ["lines and tabs", "a\nb\tc\r\nd", "a b c  d"],
    ["other spaces", "a\u00a0b\u2003c\u2028d\u3000e\u0085f", "a b c d e f"],
    ["control characters", "a\u0000b\u001bc\u007fd", "abcd"],
    ["marks that join or turn text", "a\u200bb\u200dc\u202ed\ufeffe", "abcde"],
    ["a soft hyphen", "soft\u00adhyphen", "softhyphen"],
    ["characters of private use and ones that do not exist", "a\ue000b\u{10ffff}c\u0378d", "abcd"],
  ])("cleans %s", (_, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});

describe("trimSpace", () => {
  it.each([
    ["spaces and line ends", " \t a b \r\n", "a b"],
    ["spaces that are not ASCII", "\u0085\u00a0a\u2028", "a"],
    ["nothing but spaces", " \t ", ""],
  ])("removes %s", (_, text, trimmed) => {
    expect(trimSpace(text)).toBe(trimmed);
  });

  it("keeps a byte order mark", () => {
    expect(trimSpace("\ufeff a")).toBe("\ufeff a");
  });
});
