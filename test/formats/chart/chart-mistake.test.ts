import { describe, expect, it } from "vitest";
import { z } from "zod";
import { placeIn, wordIssues } from "../../../formats/chart/chart-mistake.ts";

const Schema = z.object({ a: z.array(z.string({ error: "is wrong" })), b: z.string({ error: "is missing" }) });

describe("wordIssues", () => {
  it.each<[tree: unknown, value: unknown]>([
    [{ a: [1.5], b: "" }, 1.5],
    [{ a: [7n], b: "" }, 7],
    [{ a: [{ c: 1n }], b: "" }, undefined],
  ])("shows what can be shown of %o", (tree, value) => {
    const { error } = Schema.safeParse(tree);
    const mistake = { path: "A.yaml: a[0]", value, reason: "is wrong", example: "`a: [x]`" };
    expect(wordIssues("A.yaml", tree, error!, { a: "`a: [x]`" })).toEqual([mistake]);
  });

  it("reports all of them, and has an example for each", () => {
    const { error } = Schema.safeParse({ a: [1, 2] });
    expect(wordIssues("A.yaml", {}, error!, {}).map(({ path, example }) => [path, example])).toEqual([
      ["A.yaml: a[0]", "what the file of another chart has there"],
      ["A.yaml: a[1]", "what the file of another chart has there"],
      ["A.yaml: b", "what the file of another chart has there"],
    ]);
  });
});

describe("placeIn", () => {
  it("is the file alone if all of it is meant", () => {
    expect([placeIn("A.yaml", []), placeIn("A.yaml", ["a", 0, "b"])]).toEqual(["A.yaml", "A.yaml: a[0].b"]);
  });
});
