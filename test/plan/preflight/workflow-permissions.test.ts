import { describe, expect, it } from "vitest";
import { judgeWorkflow, neededPermissions } from "../../../plan/preflight/workflow-permissions.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";

const identity = {
  issuer: "https://issuer.example.org",
  workflow: "acme/app/.github/workflows/r.yml",
  refs: "refs/tags/*",
};

function plan(over: object): ReleasePlan {
  const made = { artifacts: [], signing: "off", githubAttestations: "auto", ...over };
  return made as unknown as ReleasePlan;
}

describe("neededPermissions", () => {
  const image = { artifacts: [{ ociRepository: "ghcr.io/acme/app" }] };

  it.each([
    ["files alone, unsigned", [plan({})], { contents: "write" }],
    ["an image at GitHub", [plan(image)], { contents: "write", packages: "write" }],
    ["an image elsewhere", [plan({ artifacts: [{ ociRepository: "docker.io/acme/app" }] })], { contents: "write" }],
    [
      "a signed image",
      [plan({ ...image, signing: identity })],
      { contents: "write", packages: "write", "id-token": "write", attestations: "write" },
    ],
    [
      "a signed file whose provenance is not posted",
      [plan({ signing: identity, githubAttestations: "off" })],
      { contents: "write", "id-token": "write" },
    ],
    [
      "the lineage of an unsigned chart",
      [plan({ lineages: [{ artifact: "app" }] })],
      { contents: "write", attestations: "read", "pull-requests": "read" },
    ],
    [
      "the lineage of a signed chart",
      [plan({ lineages: [{ artifact: "app" }], signing: identity })],
      { contents: "write", "id-token": "write", attestations: "write", "pull-requests": "read" },
    ],
  ])("%s", (_, plans, needed) => {
    expect(neededPermissions(plans, "ghcr.io")).toEqual(needed);
  });
});

describe("judgeWorkflow", () => {
  const needed = { contents: "write", packages: "write" };
  const judged = (permissions: Record<string, string> | string | undefined) =>
    judgeWorkflow(".github/workflows/release.yml", [{ name: "release", permissions }], needed);
  const rest = "A release needs exactly `contents: write`, `packages: write`";

  it.each([[needed], [{ ...needed, issues: "read" }], [{ ...needed, issues: "none" }]])(
    "%j is right",
    (permissions) => {
      expect(judged(permissions)).toEqual([]);
    },
  );

  it.each([
    [{ contents: "write" }, "does not have `packages: write`."],
    [{ contents: "write", packages: "read" }, "does not have `packages: write`."],
    ["read-all", "does not have `contents: write`, `packages: write`."],
    [{}, "does not have `contents: write`, `packages: write`."],
    [{ ...needed, issues: "write" }, "has `issues: write`, which no step of the release needs."],
    [
      { contents: "write", "id-token": "write" },
      "does not have `packages: write`; has `id-token: write`, which no step of the release needs.",
    ],
  ])("%j: %s", (permissions, words) => {
    expect(judged(permissions)).toEqual([`.github/workflows/release.yml, job release: ${words} ${rest}`]);
  });

  it("calls `write-all` too much", () => {
    expect(judged("write-all")[0]).toContain("`id-token: write`, `issues: write`");
  });

  it("does not take a missing block for a right one", () => {
    expect(judged(undefined)[0]).toContain("has no `permissions`, so it gets the repository's default");
  });
});
