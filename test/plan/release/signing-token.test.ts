import { describe, expect, it } from "vitest";
import { hasSigningToken } from "../../../observe/source/signing-token.ts";

const actions = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com/token", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x" };

describe("hasSigningToken", () => {
  it.each<[string, Record<string, string | undefined>]>([
    ["GitHub Actions with `id-token: write`", actions],
    ["a token in the environment", { SIGSTORE_ID_TOKEN: "x" }],
    ["Buildkite", { BUILDKITE: "true" }],
  ])("has one in %s", (_, environment) => {
    expect(hasSigningToken(environment)).toBe(true);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ["an empty environment", {}],
    ["GitHub Actions without the permission", { GITHUB_ACTIONS: "true", GITHUB_TOKEN: "x" }],
    ["half of what GitHub Actions sets", { ...actions, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined }],
    ["the other half", { ...actions, ACTIONS_ID_TOKEN_REQUEST_URL: undefined }],
    [
      "empty variables",
      { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "", SIGSTORE_ID_TOKEN: "" },
    ],
    ["another word for Buildkite", { BUILDKITE: "false" }],
  ])("has none in %s", (_, environment) => {
    expect(hasSigningToken(environment)).toBe(false);
  });
});
