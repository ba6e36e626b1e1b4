import { describe, expect, it } from "vitest";
import { writeSortedJson } from "../../formats/sorted-json.ts";

describe("writeSortedJson", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [
      [{ b: { d: null, c: "é" }, a: [3, { z: true, y: false }] }],
      '[{"a":[3,{"y":false,"z":true}],"b":{"c":"é","d":null}}]',
    ],
    [{ b: undefined, a: 1 }, '{"a":1}'],
    ["off", '"off"'],
  ])("writes %j with its keys in order", (value, text) => {
    expect(writeSortedJson(value)).toBe(text);
  });
});
