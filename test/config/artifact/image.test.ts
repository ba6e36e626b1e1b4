import { describe, expect, it } from "vitest";
import { Image } from "../../../config/artifact/image.ts";

describe("Image", () => {
  const repository = "ghcr.io/acme/app";

  it("is built from the whole workspace for two platforms if nothing else is written", () => {
    expect(Image.parse({ repository })).toEqual({
      repository,
      context: ".",
      platforms: ["linux/amd64", "linux/arm64"],
      buildArgs: {},
    });
  });

  it("has build arguments that are texts in the end", () => {
    expect(Image.parse({ repository, buildArgs: { A: 1, B: true, C: "c" } }).buildArgs).toEqual({
      A: "1",
      B: "true",
      C: "c",
    });
  });
});
