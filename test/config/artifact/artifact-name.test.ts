import { describe, expect, it } from "vitest";
import { artifactName } from "../../../config/artifact/artifact-name.ts";

describe("artifactName", () => {
  it.each([
    [{ repository: "ghcr.io/acme/app" }, "app"],
    [{ repository: "localhost:5000/a/b/c" }, "c"],
    [{ repository: "ghcr.io/acme/app", name: "hub" }, "hub"],
    [{ name: "hub" }, "hub"],
    [{}, undefined],
  ])("has of %j the name %s", (artifact, name) => {
    expect(artifactName(artifact)).toBe(name);
  });
});
