import { describe, expect, it } from "vitest";
import { parseBoundedJson } from "../../formats/bounded-json.ts";

describe("JSON from outside", () => {
  it.each([
    ["an object", '{"a":[1,{"b":"c"}]}'],
    ["null", "null"],
    ["text with signs and escapes", JSON.stringify(`${'[{,"\\'.repeat(400_000)}`)],
    ["other letters", '"äöü 🎉"'],
  ])("is parsed: %s", (_what, text) => {
    expect(parseBoundedJson(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it.each([
    ["arrays", `[${"[],".repeat(600_000)}1]`],
    ["objects", `[${"{},".repeat(600_000)}1]`],
    ["numbers", `[${"1,".repeat(1_000_001)}1]`],
  ])("is not parsed if it has more than a million values: %s", (_what, text) => {
    expect(() => parseBoundedJson(Buffer.from(text))).toThrow("more than a million values");
  });

  it("is refused if it is none", () => {
    expect(() => parseBoundedJson(Buffer.from('{"a":'))).toThrow(SyntaxError);
  });
});
