import { describe, expect, it } from "vitest";
import { writeKeyPath } from "../../formats/key-path.ts";

describe("writeKeyPath", () => {
  it.each([
    [[], ""],
    [["units"], "units"],
    [["units", 0, "images", 1, "repository"], "units[0].images[1].repository"],
    [[0, "a"], "[0].a"],
  ])("writes %j as `%s`", (path, text) => {
    expect(writeKeyPath(path)).toBe(text);
  });
});
