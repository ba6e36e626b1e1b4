import { describe, expect, it } from "vitest";
import type { Signer } from "../../../formats/signing/signer.ts";
import { signerChanges } from "../../../plan/published/signer-changes.ts";

const signer: Signer = {
  issuer: "https://token.actions.githubusercontent.com",
  workflow: "acme/widgets/.github/workflows/release.yml@refs/tags/v1.0.0",
  repository: "acme/widgets",
  commit: "c0ffee",
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};
const release = (version: string, changes: Partial<Signer> | undefined) => ({
  version,
  findings: [
    {
      promise: "the record is signed",
      outcome: "kept" as const,
      found: "verified",
      ...(changes && { signer: { ...signer, ...changes } }),
    },
  ],
});

describe("signerChanges", () => {
  it.each([
    ["one version", [release("1.0.0", {})]],
    ["the same numbers", [release("1.0.0", {}), release("1.1.0", { commit: "badf00d" })]],
    ["versions without a signed record", [release("1.0.0", undefined), release("1.1.0", {})]],
  ])("says nothing of %s", (_what, releases) => {
    expect(signerChanges("widgets", releases)).toEqual([]);
  });

  it("warns of each number that changes, in the order of the versions", () => {
    const releases = [
      release("1.10.0", { ownerId: "7", repositoryId: "8" }),
      release("1.2.0", {}),
      release("1.0.0", {}),
    ];
    expect(signerChanges("widgets", releases)).toEqual([
      "widgets: the number of the repository that signs changes (1 → 8) from 1.2.0 to 1.10.0: the name may have been taken over",
      "widgets: the number of the owner that signs changes (2 → 7) from 1.2.0 to 1.10.0: the name may have been taken over",
    ]);
  });
});
