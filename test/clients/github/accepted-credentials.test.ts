import { describe, expect, it } from "vitest";
import { findMissingPermission } from "../../../clients/github/accepted-credentials.ts";
import type { MissingPermission } from "../../../errors/missing-permission.ts";

const refused = "Resource not accessible by integration";
const scoped = (accepted: string, held: string) => ({ "x-accepted-oauth-scopes": accepted, "x-oauth-scopes": held });
const permitted = (permissions: string) => ({ "x-accepted-github-permissions": permissions });

const cases: readonly [what: string, number, string, Record<string, string>, MissingPermission | undefined][] = [
  ["a permission", 403, refused, permitted("contents=write"), { permissions: "contents=write" }],
  [
    "a permission of a personal token",
    403,
    "Resource not accessible by personal access token",
    permitted("contents=write"),
    { permissions: "contents=write" },
  ],
  ["nothing without a header", 403, refused, {}, undefined],
  [
    "nothing that an operation without permissions takes",
    403,
    refused,
    permitted("allows_permissionless_access=true"),
    undefined,
  ],
  [
    "nothing by another 403: the header is on every answer",
    403,
    "Upgrade to GitHub Pro",
    permitted("administration=write"),
    undefined,
  ],
  ["nothing by a 404 for tokens with permissions", 404, "Not Found", permitted("contents=read"), undefined],
  ["a scope by a 404", 404, "Not Found", scoped("repo", "gist"), { scopes: "repo", held: "gist" }],
  [
    "a scope by a 403",
    403,
    "no",
    scoped("admin:org, write:org", "repo"),
    { scopes: "admin:org, write:org", held: "repo" },
  ],
  ["a scope that nobody gave", 404, "Not Found", scoped("repo", ""), { scopes: "repo", held: "" }],
  ["no scope that the token has", 404, "Not Found", scoped("repo", "gist, repo"), undefined],
  ["no scope where one of several is enough", 404, "Not Found", scoped("repo, public_repo", "public_repo"), undefined],
  ["no scope within a wider one", 403, "no", scoped("read:packages", "write:packages"), undefined],
  ["no scope of the organization within a wider one", 403, "no", scoped("read:org", "admin:org"), undefined],
  [
    "a wider scope than the token's",
    404,
    "Not Found",
    scoped("repo", "public_repo"),
    { scopes: "repo", held: "public_repo" },
  ],
  ["no scope where none is asked for", 404, "Not Found", scoped("", "gist"), undefined],
  ["no scope of a token that has none by kind", 404, "Not Found", { "x-accepted-oauth-scopes": "repo" }, undefined],
  ["no scope by a limited rate", 403, "You have exceeded a secondary rate limit.", scoped("repo", "gist"), undefined],
  ["no scope by what is wrong in the request", 422, "Validation Failed", scoped("repo", "gist"), undefined],
];

describe("missingPermissionIn", () => {
  it.each(cases)("finds %s", (_, status, words, headers, missing) => {
    expect(findMissingPermission(status, words, headers)).toEqual(missing);
  });
});
