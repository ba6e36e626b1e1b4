import { describe, expect, it } from "vitest";
import {
  hasPermissions,
  hasScope,
  loginOfToken,
  mayDo,
  reaches,
  roleOf,
} from "../../../../sandbox/github/api/token.ts";
import type { Needs, Token } from "../../../../sandbox/github/api/token.ts";

const mayWrite: Needs = { permissions: "contents=write", scopes: ["public_repo"], role: "write" };
const admin: Needs = { permissions: "administration=write", scopes: ["repo"], role: "admin" };
const place = { owner: "acme", name: "widgets" };
const classic = (scopes: string[], roles?: Record<string, "none" | "read" | "write" | "admin">): Token => ({
  kind: "classic",
  login: "ada",
  scopes,
  ...(roles === undefined ? {} : { roles }),
});

describe("hasScope", () => {
  it.each<[readonly string[], readonly string[], boolean]>([
    [["repo"], ["public_repo"], true],
    [["public_repo"], ["repo"], false],
    [["write:packages"], ["read:packages"], true],
    [["delete:packages"], ["read:packages"], false],
    [["admin:org"], ["read:org"], true],
    [["gist"], [], true],
    [[], ["gist", "repo"], false],
    [["repo"], ["gist", "repo"], true],
  ])("%j holds one of %j: %s", (scopes, wanted, holds) => {
    expect(hasScope({ kind: "classic", login: "ada", scopes }, wanted)).toBe(holds);
  });
});

describe("hasPermissions", () => {
  it.each<[Record<string, "read" | "write" | "admin">, string, boolean]>([
    [{ contents: "write" }, "contents=read", true],
    [{ contents: "read" }, "contents=write", false],
    [{}, "metadata=read", true],
    [{ contents: "write" }, "contents=write,workflows=write", false],
    [{ contents: "write", workflows: "write" }, "contents=write,workflows=write", true],
    [{ issues: "read" }, "pull_requests=read; issues=read", true],
    [{ contents: "admin" }, "", false],
  ])("%j meets %j: %s", (given, wanted, meets) => {
    expect(hasPermissions(given, wanted)).toBe(meets);
  });
});

describe("roleOf", () => {
  it.each<[Record<string, "none" | "read" | "write" | "admin"> | undefined, string]>([
    [undefined, "admin"],
    [{}, "none"],
    [{ "*": "read" }, "read"],
    [{ "*": "read", acme: "write" }, "write"],
    [{ acme: "write", "ACME/Widgets": "none" }, "none"],
  ])("%j makes it %s", (roles, role) => {
    expect(roleOf(roles === undefined ? {} : { roles }, place)).toBe(role);
  });
});

describe("reaches", () => {
  const run: Token & { kind: "actions" } = { kind: "actions", repository: "acme/widgets", permissions: {} };
  it.each([
    [{ owner: "ACME", name: "Widgets" }, true],
    [{ owner: "acme", name: "gadgets" }, false],
    [{ owner: "acme" }, true],
    [{ owner: "acm" }, false],
  ])("a run of acme/widgets reaches %j: %s", (where, reached) => {
    expect(reaches(run, where)).toBe(reached);
  });
  it("is everywhere for an App without a list", () => {
    expect(reaches({ kind: "app", login: "bot[bot]", permissions: {} }, place)).toBe(true);
  });
});

describe("mayDo", () => {
  it.each<[string, Token, Needs, boolean]>([
    ["one without a kind that pushes", { login: "ada", push: true }, admin, true],
    ["one without a kind that reads", { login: "ada", push: false }, mayWrite, false],
    ["a classic one with scope and role", classic(["repo"]), admin, true],
    ["a classic one without scope", classic(["gist"]), mayWrite, false],
    ["a classic one without role", classic(["repo"], { acme: "write" }), admin, false],
    [
      "a fine-grained one with the permission",
      { kind: "fine-grained", login: "ada", permissions: { contents: "write" } },
      mayWrite,
      true,
    ],
    [
      "a fine-grained one for another repository",
      { kind: "fine-grained", login: "ada", permissions: { contents: "write" }, repositories: ["acme/gadgets"] },
      mayWrite,
      false,
    ],
    [
      "a fine-grained one of somebody without the role",
      { kind: "fine-grained", login: "ada", permissions: { contents: "write" }, roles: { "*": "read" } },
      mayWrite,
      false,
    ],
    [
      "GITHUB_TOKEN with the permission",
      { kind: "actions", repository: "acme/widgets", permissions: { contents: "write" } },
      mayWrite,
      true,
    ],
    [
      "GITHUB_TOKEN of another repository",
      { kind: "actions", repository: "acme/gadgets", permissions: { contents: "write" } },
      mayWrite,
      false,
    ],
    [
      "an App without the permission",
      { kind: "app", login: "bot[bot]", permissions: { contents: "read" } },
      mayWrite,
      false,
    ],
  ])("knows whether %s may", (_, token, needs, may) => {
    expect(mayDo(token, needs, place)).toBe(may);
  });
  it("acts as github-actions[bot] in a run", () => {
    expect(loginOfToken({ kind: "actions", repository: "acme/widgets", permissions: {} })).toBe("github-actions[bot]");
  });
});
