import { describe, expect, it } from "vitest";
import { parseHelmYaml, readHelmYaml } from "../../../../formats/chart/helm/helm-yaml.ts";

describe("readHelmYaml", () => {
  it.each<[string, unknown]>([
    ["1.10", 1.1],
    ["1.0", 1],
    ["1", 1n],
    ["-1_000", -1000n],
    ["0755", 493n],
    ["08", 8],
    ["0o17", 15n],
    ["0x1F", 31n],
    ["0b11", 3n],
    ["1e3", 1000],
    ["4e5", 400_000],
    [".5", 0.5],
    ["18446744073709551615", 18446744073709551615n],
    ["18446744073709551616", 18446744073709552000],
    ["-.inf", -Infinity],
    [".NaN", Number.NaN],
    ["n", false],
    ["N", false],
    ["off", false],
    ["y", true],
    ["On", true],
    ["~", null],
    ["", null],
    ["Null", null],
    ["nULL", "nULL"],
    ["yEs", "yEs"],
    ["1.2.3", "1.2.3"],
    ["v1", "v1"],
    ["2024-01-02", "2024-01-02"],
    ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"],
    ["1:30", "1:30"],
    [".", "."],
    ["0x", "0x"],
    ["1e", "1e"],
    ['"1.10"', "1.10"],
    ["'n'", "n"],
    ["!!str 1.10", "1.10"],
  ])("reads the scalar `%s`", (text, value) => {
    expect(readHelmYaml(`key: ${text}\n`)).toEqual({ value: { key: value } });
  });

  it("follows aliases and merges maps", () => {
    const text = "base: &b {a: one, b: two}\nother:\n  <<: *b\n  b: three\nagain: *b\n";
    expect(readHelmYaml(text)).toEqual({
      value: { base: { a: "one", b: "two" }, other: { a: "one", b: "three" }, again: { a: "one", b: "two" } },
    });
  });

  it("reads lines that end with CR LF, and line separators that are written as escapes", () => {
    expect(readHelmYaml('a: |\r\n  b\r\n  c\r\nd: "\\L\\u2028"\r\n')).toEqual({
      value: { a: "b\nc\n", d: "\u2028\u2028" },
    });
  });

  it("reads an empty text as null", () => {
    expect(readHelmYaml("# nothing\n")).toEqual({ value: null });
  });

  it.each([
    ["a key twice", "a: 1\nb: 2\na: 3\n", /^Map keys must be unique \(line 3\)$/],
    ["a tab", "a:\n\tb: 1\n", /\(line 2\)$/],
    ["two documents", "a: 1\n---\nb: 2\n", /multiple documents/],
    ["an alias without its anchor", "a: *b\n", /^Unresolved alias/],
    ["an open quote", 'a: "b\n', /^Missing closing "quote/],
    ["a map as a key", "a: {{ x }}\n", /^A key is a map or a list/],
    ["an alias as a key", "a: &a b\n*a : c\n", /^A key is a map or a list/],
    ["brackets without end", "[".repeat(50_000), /./],
    [
      "aliases that multiply",
      `a: &a [x,x]\n${[..."bcdefghijklmnopqrst"].map((key, at) => `${key}: &${key} [${`*${"abcdefghijklmnopqrs"[at]},`.repeat(9)}]\n`).join("")}`,
      /^Excessive alias count/,
    ],
    ["a lone carriage return in a comment", "a: 1\r\n# b\rc: 2\n", /^Helm ends a line at \\u000d: .* \(line 2\)$/],
    ["a next line", "a: 1 # b\u0085c: 2\n", /^Helm ends a line at \\u0085: .* \(line 1\)$/],
    ["a line separator", "a: b\u2028c\n", /^Helm ends a line at \\u2028: .* \(line 1\)$/],
    ["a paragraph separator", "a: b\u2029c\n", /^Helm ends a line at \\u2029: .* \(line 1\)$/],
  ])("says why it cannot read %s", (_, text, words) => {
    expect(readHelmYaml(text)).toEqual({
      unreadable: expect.stringMatching(words),
    });
  });
});

describe("parseHelmYaml", () => {
  it("keeps places in the text", () => {
    const document = parseHelmYaml("image:\n  tag: 1.2.3 # ours\n");
    expect(document.getIn(["image", "tag"], true)).toMatchObject({ range: [14, 19, 27], value: "1.2.3" });
  });
});
