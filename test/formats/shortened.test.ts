import { expect, it } from "vitest";
import { shortened } from "../../formats/shortened.ts";

const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`);

it.each([0, 1, 20])("%i lines stay as they are", (count) => {
  expect(shortened(lines(count))).toEqual(lines(count));
});

it("says how many more there are than twenty", () => {
  expect(shortened(lines(5000))).toEqual([...lines(20), "and 4980 more"]);
});
