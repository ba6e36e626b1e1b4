import { describe, expect, it } from "vitest";
import { Image, imageName } from "../../../config/artifact/image.ts";

describe("imageName", () => {
  it.each([
    [{ repository: "ghcr.io/acme/app" }, "app"],
    [{ repository: "localhost:5000/a/b/c" }, "c"],
    [{ repository: "ghcr.io/acme/app", name: "hub" }, "hub"],
  ])("has of %j the name %s", (image, name) => {
    expect(imageName(Image.parse(image))).toBe(name);
  });
});
