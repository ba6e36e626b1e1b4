import { describe, expect, it } from "vitest";
import { readPathPattern } from "../../../../formats/chart/helm/path-pattern.ts";

describe("readPathPattern", () => {
  // Most rows are from Go's own table: path/filepath/match_test.go.
  it.each<[pattern: string, path: string, matches: boolean]>([
    ["abc", "abc", true],
    ["*", "abc", true],
    ["*c", "abc", true],
    ["a*", "a", true],
    ["a*", "abc", true],
    ["a*", "ab/c", false],
    ["a*/b", "abc/b", true],
    ["a*/b", "a/c/b", false],
    ["a*b*c*d*e*/f", "axbxcxdxe/f", true],
    ["a*b*c*d*e*/f", "axbxcxdxexxx/f", true],
    ["a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false],
    ["a*b*c*d*e*/f", "axbxcxdxexxx/fff", false],
    ["a*b?c*x", "abxbbxdbxebxczzx", true],
    ["a*b?c*x", "abxbbxdbxebxczzy", false],
    ["ab[c]", "abc", true],
    ["ab[b-d]", "abc", true],
    ["ab[e-g]", "abc", false],
    ["ab[^c]", "abc", false],
    ["ab[^b-d]", "abc", false],
    ["ab[^e-g]", "abc", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "ab", false],
    ["a?b", "a☺b", true],
    ["a[^a]b", "a☺b", true],
    ["a???b", "a☺b", false],
    ["a[^a][^a][^a]b", "a☺b", false],
    ["[a-ζ]*", "α", true],
    ["*[a-ζ]", "A", false],
    ["a?b", "a/b", false],
    ["a*b", "a/b", false],
    ["[\\]a]", "]", true],
    ["[\\-]", "-", true],
    ["[x\\-]", "x", true],
    ["[x\\-]", "-", true],
    ["[x\\-]", "z", false],
    ["[\\-x]", "x", true],
    ["[\\-x]", "a", false],
    ["*x", "xxx", true],
    ["[!a]", "b", false],
    ["[!a]", "!", true],
    ["{a,b}", "a", false],
    ["{a,b}", "{a,b}", true],
    ["a[^b]c", "a/c", true],
    ["", "", true],
    ["", "a", false],
    ["a?", "a", false],
    ["a]", "a]", true],
    ["[a*]", "*", true],
    ["*??", "é", false],
    ["*??", "€", true],
    ["*[^€]", "€", true],
  ])("`%s` and %s: %s", (pattern, path, matches) => {
    expect(readPathPattern(pattern)?.matches(path)).toBe(matches);
  });

  it.each([
    "[]a]",
    "[-]",
    "[x-]",
    "[-x]",
    "[a-b-c]",
    "[",
    "[^",
    "[^bc",
    "[^]",
    "a[",
    "[]",
    "[a",
    "[a-",
    "[\\",
    "\\",
    "a*\\",
    "b*[",
  ])("finds `%s` malformed", (pattern) => {
    expect(readPathPattern(pattern)).toBeUndefined();
  });

  it("needs no more time for many stars", () => {
    expect(readPathPattern("*a".repeat(200))?.matches(`${"a".repeat(5_000)}b`)).toBe(false);
  });
});
