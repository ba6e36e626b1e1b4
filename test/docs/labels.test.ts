import { describe, expect, it } from "vitest";
import { labelKeys } from "../../formats/artifact/labels.ts";
import { firstColumn, page, sections } from "./markdown.ts";

describe("the labels in docs/resources/image.md", () => {
  it("are those of the program, in its order", async () => {
    const table = sections(await page("docs/resources/image.md")).find(({ title }) => title === "Labels")?.text ?? "";
    expect(firstColumn(table)).toEqual(Object.values(labelKeys));
  });
});
