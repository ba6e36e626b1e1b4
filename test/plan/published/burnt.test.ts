import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { refuseBurnt } from "../../../plan/published/burnt.ts";
import { nothing, ourRelease, personsRelease } from "../made-up-project.ts";

const owner = "widgets@1.2.3";
const all = ["install.yaml", "checksums.txt", "lockstep.release.json"];
const bundles = all.map((name) => `${name}.sigstore.json`);

function judged(
  frozen: string[] | undefined,
  files: readonly (string | { name: string; signed: false })[],
  signed: boolean,
): string {
  const named = files.map((file) => (typeof file === "string" ? { name: file } : file));
  const release = { ...ourRelease(), ...(frozen ? { frozen } : {}) };
  try {
    refuseBurnt(owner, { ...nothing, release }, named, signed);
    return "";
  } catch (error) {
    if (error instanceof ReleaseError && error.code === "RELEASE_IMMUTABLE") {
      return error.parts.reason;
    }
    throw error;
  }
}

describe("refuseBurnt, when our Release is published and immutable", () => {
  it.each([
    ["complete, unsigned", all, ["install.yaml"], false],
    ["complete, signed", [...all, ...bundles], ["install.yaml"], true],
    ["without files", ["lockstep.release.json"], [], false],
    [
      "complete, with a file that has no bundle",
      [...all, ...bundles, "README.md"],
      ["install.yaml", { name: "README.md", signed: false as const }],
      true,
    ],
  ])("goes on where it is %s", (_, frozen, files, signed) => {
    expect(judged(frozen, files, signed)).toBe("");
  });

  it("is burnt if a file is missing that has no bundle, and asks for no bundle of it", () => {
    const files = ["install.yaml", { name: "README.md", signed: false as const }];
    expect(judged([...all, ...bundles], files, true)).toMatch(/has no README\.md$/);
  });

  it.each([
    ["a file", ["checksums.txt", "lockstep.release.json"], false, "has no install.yaml"],
    ["checksums.txt and the record", ["install.yaml"], false, "has no checksums.txt, lockstep.release.json"],
    ["a bundle", [...all, ...bundles.slice(1)], true, "has no install.yaml.sigstore.json"],
  ])("is burnt where it lacks %s, and says which", (_, frozen, signed, words) => {
    expect(judged(frozen, ["install.yaml"], signed)).toContain(words);
  });
});

describe("refuseBurnt, when there is nothing that stays incomplete", () => {
  it("says nothing of a Release that is not immutable", () => {
    expect(judged(undefined, ["install.yaml"], true)).toBe("");
  });

  it.each([undefined, { ...personsRelease, frozen: [] }])("nor of none, nor of a person's", (release) => {
    expect(() => refuseBurnt(owner, { ...nothing, release }, [{ name: "install.yaml" }], true)).not.toThrow();
  });
});
