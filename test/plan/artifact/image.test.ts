import { describe, expect, it } from "vitest";
import { Image } from "../../../config/artifact/image.ts";
import { imagePlanner } from "../../../plan/artifact/image.ts";
import { seededRandom, shuffled } from "../../formats/seeded-random.ts";

describe("imagePlanner, build inputs", () => {
  const image = Image.parse({ repository: "ghcr.io/acme/app", buildArgs: { A: "1", B: "2", C: "3" } });
  const hash = imagePlanner.buildInputs(image, "");

  it("is a sha256", () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not know the hash of the files, which the commit says", () => {
    expect(imagePlanner.buildInputs(image, "a".repeat(64))).toBe(hash);
  });

  it("is the value that stands in records and labels", () => {
    expect(hash).toBe("34c5aa092c4cbb4235c9e96252adf31f66fd6ec8f4f1f38953ce074802e07567");
  });

  it("is the same whatever order platforms and build arguments come in", () => {
    const random = seededRandom(9);
    const hashes = Array.from({ length: 100 }, () =>
      imagePlanner.buildInputs(
        {
          ...image,
          platforms: shuffled(image.platforms, random),
          buildArgs: Object.fromEntries(shuffled(Object.entries(image.buildArgs), random)),
        },
        "",
      ),
    );
    expect(new Set(hashes)).toEqual(new Set([hash]));
  });

  it.each([
    ["context", { context: "app" }],
    ["dockerfile", { dockerfile: "Dockerfile" }],
    ["target", { target: "runtime" }],
    ["platforms", { platforms: ["linux/amd64"] }],
    ["a build argument", { buildArgs: { A: "1", B: "2", C: "4" } }],
  ])("is another one with another %s", (_, difference) => {
    expect(imagePlanner.buildInputs({ ...image, ...difference }, "")).not.toBe(hash);
  });

  it.each([
    ["repository", { repository: "ghcr.io/acme/other" }],
    ["name", { name: "other" }],
  ])("does not know the %s, which changes no byte", (_, difference) => {
    expect(imagePlanner.buildInputs({ ...image, ...difference }, "")).toBe(hash);
  });
});
