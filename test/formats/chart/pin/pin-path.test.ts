import { describe, expect, it } from "vitest";
import { readPinPath } from "../../../../formats/chart/pin/pin-path.ts";

describe("readPinPath", () => {
  it.each([
    ["appVersion", ["appVersion"]],
    ["image.tag", ["image", "tag"]],
    ["a.b-c_d.e", ["a", "b-c_d", "e"]],
    ["containers[0].image", ["containers", 0, "image"]],
    ["matrix[1][12]", ["matrix", 1, 12]],
    [String.raw`images.quay\.io/x.tag`, ["images", "quay.io/x", "tag"]],
    [String.raw`a\[0\]`, ["a[0]"]],
    ["größe.a b", ["größe", "a b"]],
  ])("reads `%s`", (text, path) => {
    expect(readPinPath(text)).toEqual(path);
  });

  it.each(["", ".", "a.", ".a", "a..b", "[0]", "a[]", "a[x]", "a[-1]", "a[0]b", "a[0", "a]", "a\\", "a[99999]"])(
    "reads no path in `%s`",
    (text) => {
      expect(readPinPath(text)).toBeUndefined();
    },
  );

  it.each([
    ["too many letters", "a".repeat(256)],
    ["a line end", "a\nb"],
    ["a turned direction", "a\u202eb"],
  ])("reads no path with %s", (_, text) => {
    expect(readPinPath(text)).toBeUndefined();
  });
});
