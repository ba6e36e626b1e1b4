import { describe, expect, it } from "vitest";
import { age, host, seconds, someText, wholeNumber } from "../../../commands/command-line/value-kinds.ts";

const kinds = { age, host, seconds, someText, wholeNumber };
const hour = 3_600_000;

describe("value kinds", () => {
  it.each([
    ["age", "90m", 1.5 * hour],
    ["age", "6h", 6 * hour],
    ["age", "2d", 48 * hour],
    ["seconds", "300", 300_000],
    ["seconds", "0.5", 500],
    ["wholeNumber", "0", 0],
    ["wholeNumber", "999999", 999_999],
    ["host", "docker.io", "docker.io"],
    ["host", "localhost:5000", "localhost:5000"],
    ["someText", " ", " "],
  ] as const)("%s reads %s", (kind, text, value) => {
    expect(kinds[kind].read(text)).toBe(value);
  });

  it.each([
    ["age", ["0h", "6", "6 h", "-1h", "h", "1w", "999999h", ""]],
    ["seconds", ["0", "-1", "0x10", "1e3", "soon", ""]],
    ["wholeNumber", ["-1", "1.5", "1e3", "1000000", "ten", ""]],
    ["host", ["http://docker.io", "docker.io/acme", "docker.io:", "a b", ""]],
    ["someText", [""]],
  ] as const)("%s refuses %j", (kind, texts) => {
    expect(texts.filter((text) => kinds[kind].read(text) !== undefined)).toEqual([]);
  });

  it.each(Object.entries(kinds))("%s accepts the examples that it gives", (_, { expects, read }) => {
    const [, examples = ""] = expects.split("such as ");
    expect(examples.split(/, | or /).filter((text) => text !== "" && read(text) === undefined)).toEqual([]);
  });
});
