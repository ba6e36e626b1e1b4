import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Token } from "../../../sandbox/github/api/token.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { githubClient } from "../github-client.ts";
import { pushCommits, temporarySandbox } from "../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let client: ReturnType<typeof githubClient>;
let sha = "";
let tags = 0;

/** Tries to make a tag; nothing else needs `contents` as plainly. */
const makeTag = (token: Token, repository = "acme/widgets") => {
  sandbox.github.tokens.set("tried", token);
  return client.post(`/repos/${repository}/git/refs`, { ref: `refs/tags/t${++tags}`, sha }, { token: "tried" });
};

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  client = githubClient(sandbox);
  const { gitDir } = await sandbox.github.createRepository("acme/widgets");
  [sha = ""] = await pushCommits(gitDir);
  const hidden = await sandbox.github.createRepository("acme/secret", { private: true });
  await pushCommits(hidden.gitDir);
});
afterAll(() => forget());

describe("the sandbox's tokens, when a token may write contents", () => {
  it.each<[string, Token]>([
    ["a classic one with public_repo", { kind: "classic", login: "ada", scopes: ["public_repo"] }],
    ["a fine-grained one", { kind: "fine-grained", login: "ada", permissions: { contents: "write" } }],
    ["GITHUB_TOKEN", { kind: "actions", repository: "acme/widgets", permissions: { contents: "write" } }],
    ["an App's", { kind: "app", login: "robot[bot]", permissions: { contents: "write" } }],
  ])("takes the write of %s", async (_, token) => {
    expect((await makeTag(token)).status).toBe(201);
  });
});

describe("the sandbox's tokens, when a token may not write contents", () => {
  it.each<[string, Token, number, string]>([
    ["a classic one without scope", { kind: "classic", login: "ada", scopes: ["gist"] }, 404, "Not Found"],
    [
      "a classic one of a reader",
      { kind: "classic", login: "ada", scopes: ["repo"], roles: { "*": "read" } },
      404,
      "Not Found",
    ],
    [
      "a fine-grained one",
      { kind: "fine-grained", login: "ada", permissions: { contents: "read" } },
      403,
      "Resource not accessible by personal access token",
    ],
    [
      "GITHUB_TOKEN with contents: read",
      { kind: "actions", repository: "acme/widgets", permissions: { contents: "read" } },
      403,
      "Resource not accessible by integration",
    ],
    [
      "GITHUB_TOKEN of another repository",
      { kind: "actions", repository: "acme/gadgets", permissions: { contents: "write" } },
      403,
      "Resource not accessible by integration",
    ],
    ["an App's", { kind: "app", login: "robot[bot]", permissions: {} }, 403, "Resource not accessible by integration"],
  ])("refuses %s", async (_, token, status, message) => {
    const answer = await makeTag(token);
    expect([answer.status, answer.body["message"]]).toEqual([status, message]);
  });
  it("names the permission to those with permissions", async () => {
    const { headers } = await makeTag({ kind: "app", login: "robot[bot]", permissions: {} });
    expect(headers.get("x-accepted-github-permissions")).toBe("contents=write");
  });
  it("names the scopes to a classic one", async () => {
    const { headers } = await makeTag({ kind: "classic", login: "ada", scopes: ["gist", "read:org"] });
    expect([headers.get("x-oauth-scopes"), headers.get("x-accepted-oauth-scopes")]).toEqual(["gist, read:org", "repo"]);
  });
});

describe("the sandbox's tokens, when a repository is private", () => {
  const status = async (token: Token): Promise<number> => {
    sandbox.github.tokens.set("tried", token);
    return (await client.get("/repos/acme/secret", { token: "tried" })).status;
  };
  it.each<[string, Token, number]>([
    ["is there for GITHUB_TOKEN of it", { kind: "actions", repository: "acme/secret", permissions: {} }, 200],
    ["is not there for GITHUB_TOKEN of another", { kind: "actions", repository: "acme/widgets", permissions: {} }, 404],
    ["is there for a classic one with repo", { kind: "classic", login: "ada", scopes: ["repo"] }, 200],
    ["is not there for a classic one without", { kind: "classic", login: "ada", scopes: ["public_repo"] }, 404],
    [
      "is not there for a fine-grained one of a stranger",
      { kind: "fine-grained", login: "eve", permissions: { contents: "read" }, roles: {} },
      404,
    ],
  ])("%s", async (_, token, expected) => {
    expect(await status(token)).toBe(expected);
  });
  it("keeps its contents from a token that has metadata only", async () => {
    sandbox.github.tokens.set("tried", { kind: "actions", repository: "acme/secret", permissions: {} });
    const answer = await client.get("/repos/acme/secret/releases", { token: "tried" });
    expect([answer.status, answer.headers.get("x-accepted-github-permissions")]).toEqual([403, "contents=read"]);
  });
});

describe("the sandbox's tokens, when someone asks twice", () => {
  it("answers 304 to what is known, and does not count it", async () => {
    sandbox.github.tokens.set("counted", { kind: "actions", repository: "acme/counted", permissions: {} });
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${sandbox.addresses.api}/repos/acme/widgets`, {
        headers: { authorization: "Bearer counted", ...headers },
      });
    const first = await ask();
    const second = await ask({ "if-none-match": first.headers.get("etag") ?? "" });
    const third = await ask({ "if-none-match": 'W/"other"' });
    const used = [first, second, third].map(({ headers }) => headers.get("x-ratelimit-used"));
    expect([first.status, second.status, third.status, used]).toEqual([200, 304, 200, ["1", "1", "2"]]);
    expect(await second.text()).toBe("");
  });
  it("counts the GITHUB_TOKENs of a repository together, 1,000 an hour", async () => {
    for (const secret of ["run-1", "run-2"]) {
      sandbox.github.tokens.set(secret, { kind: "actions", repository: "acme/shared", permissions: {} });
    }
    await client.get("/repos/acme/widgets", { token: "run-1" });
    const { headers } = await client.get("/repos/acme/widgets", { token: "run-2" });
    expect([headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-used")]).toEqual(["1000", "2"]);
  });
});

describe("the sandbox's tokens, when all of the above is done", () => {
  it("kept to GitHub's description", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});
