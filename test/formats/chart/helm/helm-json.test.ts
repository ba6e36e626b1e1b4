import { describe, expect, it } from "vitest";
import { sortByBytes, writeHelmJson } from "../../../../formats/chart/helm/helm-json.ts";

describe("writeHelmJson", () => {
  it.each([
    ["HTML's characters", "<a> & b", '"\\u003ca\\u003e \\u0026 b"'],
    ["line separators", "a\u2028b\u2029c", '"a\\u2028b\\u2029c"'],
    [
      "quotes, backslashes and control characters",
      '"\\\b\f\n\r\t\u0001\u001f',
      '"\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f"',
    ],
    ["what others escape and Go does not", "/ \u007f é 🚀 '", '"/ \u007f é 🚀 \'"'],
  ])("escapes %s", (_, text, written) => {
    expect(writeHelmJson(text)).toBe(written);
  });

  it("keeps the order of an object's keys, and leaves out what is undefined", () => {
    expect(writeHelmJson({ name: "a", version: undefined, alias: "b", tags: [], none: null, enabled: true })).toBe(
      '{"name":"a","alias":"b","tags":[],"none":null,"enabled":true}',
    );
  });

  it("sorts the keys of a map by their bytes, numbers among them", () => {
    const map = new Map(["b", "10", "9", "\u{1f680}", "\uff5e", "a&", "A"].map((key) => [key, "x"]));
    expect(writeHelmJson(map)).toBe('{"10":"x","9":"x","A":"x","a\\u0026":"x","b":"x","\uff5e":"x","\u{1f680}":"x"}');
  });

  it("writes lists in lists", () => {
    expect(writeHelmJson([null, [{ name: "a" }], new Map()])).toBe('[null,[{"name":"a"}],{}]');
  });
});

describe("sortByBytes", () => {
  it("sorts a prefix before what continues it, and changes nothing that it was given", () => {
    const given = [["ab", 1] as const, ["a", 2] as const];
    expect(sortByBytes(given)).toEqual([
      ["a", 2],
      ["ab", 1],
    ]);
    expect(given[0]).toEqual(["ab", 1]);
  });
});
