import { describe, expect, it } from "vitest";
import { explainError } from "../../errors/explain-error.ts";
import { describeMissing, explainMissing } from "../../errors/missing-permission.ts";
import type { MissingPermission } from "../../errors/missing-permission.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";

const cases: readonly [missing: MissingPermission, words: string, fix: string][] = [
  [
    { permissions: "contents=write" },
    "needs contents=write",
    "Give the job `permissions: contents: write`; an App's or a personal token: `contents: write`.",
  ],
  [
    { permissions: "pull_requests=write,issues=read" },
    "needs pull_requests=write,issues=read",
    "Give the job `permissions: pull-requests: write, issues: read`; an App's or a personal token: `pull_requests: write` and `issues: read`.",
  ],
  [
    { permissions: "administration=write" },
    "needs administration=write",
    "Set GITHUB_TOKEN to a token with `administration: write`: an App's or a personal one. A workflow's own GITHUB_TOKEN can never have it.",
  ],
  [
    { permissions: "contents=write,workflows=write" },
    "needs contents=write,workflows=write",
    "Set GITHUB_TOKEN to a token with `contents: write` and `workflows: write`: an App's or a personal one. A workflow's own GITHUB_TOKEN can never have it.",
  ],
  [
    { permissions: "administration=read; contents=read" },
    "needs administration=read; contents=read",
    "Give the job `permissions: contents: read`; an App's or a personal token: `administration: read`, or `contents: read`.",
  ],
  [
    { scopes: "repo", held: "gist, read:org" },
    "needs the scope repo, the token has gist, read:org",
    "Set GITHUB_TOKEN to a classic token with the scope `repo` (this one has gist, read:org).",
  ],
  [
    { scopes: "admin:org, write:org", held: "" },
    "needs the scope admin:org or write:org, the token has none",
    "Set GITHUB_TOKEN to a classic token with the scope `admin:org` or `write:org` (this one has none).",
  ],
];

describe("describeMissing and explainMissing", () => {
  it.each(cases)("is described in words, with how to get it: %j", (missing, words, fix) => {
    expect([describeMissing(missing), explainMissing(missing)]).toEqual([words, fix]);
  });
});

describe("explainError, when a refusal says what is missing", () => {
  const refused = (status: number, words: string, missing: MissingPermission) =>
    explainError(new ServerRefusal({ request: "PUT https://api.github.com/x", status, words, missing }), "setting x")
      .parts;

  it("shows it beside the server's words, with how to get it instead of the usual fix", () => {
    const { reason, fix } = refused(403, "Resource not accessible by integration", {
      permissions: "administration=write",
    });
    expect([reason, fix]).toEqual([
      "Resource not accessible by integration (needs administration=write; status 403 to PUT https://api.github.com/x)",
      explainMissing({ permissions: "administration=write" }),
    ]);
  });

  it("leaves open, for a 404, that the thing does not exist", () => {
    const { code, fix } = refused(404, "Not Found", { scopes: "repo", held: "gist" });
    expect([code, fix.split("\n")]).toEqual([
      "NOT_FOUND",
      [explainMissing({ scopes: "repo", held: "gist" }), expect.stringMatching(/^Check the name/)],
    ]);
  });
});
