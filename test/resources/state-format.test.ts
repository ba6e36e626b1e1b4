import { describe, expect, it } from "vitest";
import { byKind, dynamicProvider } from "../../providers/all-providers.ts";
import { loader } from "../../resources/dynamic-resource.ts";

/** What stands in users' state and is therefore never renamed: a change here must not be made to pass, but taken back. */
describe("the state of an older version", () => {
  it("has this loader line, to the letter", () => {
    expect(loader).toBe('exports.handler = () => require("./providers/all-providers.ts").dynamicProvider;');
  });

  it("finds what the line asks for", () => {
    expect(Object.keys(dynamicProvider).toSorted()).toEqual(["check", "create", "delete", "diff", "read", "update"]);
  });

  it("finds these kinds, and there is none that this list does not freeze", () => {
    expect(Object.keys(byKind).toSorted()).toEqual([
      "artifact-hub-tag",
      "attestation",
      "chart-push",
      "git-tag",
      "github-attestation",
      "github-release",
      "image-index",
      "immutable-releases",
      "oci-tag",
      "organization-immutable-releases",
      "organization-ruleset",
      "package-access",
      "packages-policy",
      "ruleset",
      "signature",
    ]);
  });

  it.each([
    ["artifact-hub-tag", ["repository"], ["path", "repository", "sha256"]],
    ["chart-push", ["repository"], ["layer", "path", "pins", "repository", "stamps", "tag", "versions"]],
    [
      "ruleset",
      ["repository", "name"],
      ["bypass", "enforcement", "name", "present", "refs", "repository", "rules", "target"],
    ],
    [
      "organization-ruleset",
      ["organization", "name"],
      ["bypass", "enforcement", "name", "organization", "present", "refs", "repositories", "rules", "target"],
    ],
    ["organization-immutable-releases", ["organization"], ["enforced", "organization", "repositories"]],
  ])("finds the inputs of %s, and what makes it another", (kind, identity, names) => {
    const { shape } = (byKind[kind]?.inputs ?? {}) as unknown as { shape?: object };
    expect([byKind[kind]?.identity, Object.keys(shape ?? {}).toSorted()]).toEqual([identity, names]);
  });
});
