import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClassicToken, Role, Token } from "../../../../sandbox/github/api/token.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
const names = (body: unknown) => (body as { name: string }[]).map(({ name }) => name);

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  for (const name of ["widgets", "anvils", "inner"]) {
    await sandbox.github.createRepository(`acme/${name}`, { private: name === "inner" });
  }
  await sandbox.github.createRepository("other/thing");
  await sandbox.github.createRepository("maintainer/dotfiles");
});
afterAll(() => forget());

describe("the sandbox's organizations, when an organization is asked for", () => {
  it("tells its administrator the plan", async () => {
    const { status, body } = await api.get("/orgs/acme");
    expect(status).toBe(200);
    expect(body).toMatchObject({ login: "acme", type: "Organization", public_repos: 2, plan: { name: "team" } });
  });
  it("tells nobody else", async () => {
    const { status, body } = await api.get("/orgs/acme", { token: "" });
    expect([status, "plan" in body]).toEqual([200, false]);
  });
  it("takes its name in any case", async () => {
    expect((await api.get("/orgs/ACME")).body).toMatchObject({ login: "acme" });
  });
  it.each(["nobody", "maintainer"])("answers 404 for %s, which is none", async (name) => {
    expect((await api.get(`/orgs/${name}`)).status).toBe(404);
  });
});

describe("the sandbox's organizations, when someone asks what they are in an organization", () => {
  const person: ClassicToken = { kind: "classic", login: "kim", scopes: ["read:org"] };
  const as = (role: Role, organization = "acme"): Token => ({ ...person, roles: { [organization]: role } });
  const asked = async (token: Token, organization = "acme") => {
    sandbox.github.tokens.set("asking", token);
    const { status, body } = await api.get(`/user/memberships/orgs/${organization}`, { token: "asking" });
    return [status, body["role"] ?? body["message"]];
  };
  it.each<[what: string, token: Token, answer: unknown[]]>([
    ["an owner", person, [200, "admin"]],
    ["a member", as("read"), [200, "member"]],
    ["a member who may write", as("write"), [200, "member"]],
    ["somebody else", as("admin", "other"), [404, "Not Found"]],
    ["an owner by the scope `user`", { ...person, scopes: ["user"] }, [200, "admin"]],
    [
      "an owner without a scope for it",
      { ...person, scopes: ["read:packages"] },
      [403, "You need at least read:org scope or user scope to get your organization membership."],
    ],
    ["a fine-grained token", { kind: "fine-grained", login: "kim", permissions: { members: "read" } }, [200, "admin"]],
    [
      "a fine-grained token without the permission",
      { kind: "fine-grained", login: "kim", permissions: {} },
      [403, "Resource not accessible by personal access token"],
    ],
    [
      "a workflow",
      { kind: "actions", repository: "acme/widgets", permissions: { members: "read" } },
      [403, "Resource not accessible by integration"],
    ],
    [
      "an App",
      { kind: "app", login: "robot[bot]", permissions: { members: "read" } },
      [403, "Resource not accessible by integration"],
    ],
  ])("answers %s", async (_, token, answer) => {
    expect(await asked(token)).toEqual(answer);
  });
  it("says whose answer it is", async () => {
    await asked(as("read"));
    expect((await api.get("/user/memberships/orgs/acme", { token: "asking" })).body).toMatchObject({
      state: "active",
      organization: { login: "acme" },
      user: { login: "kim" },
    });
  });
  it("answers 404 for an organization that is none", async () => {
    expect(await asked(person, "nobody")).toEqual([404, "Not Found"]);
  });
  it("answers 401 without a token", async () => {
    expect((await api.get("/user/memberships/orgs/acme", { token: "" })).status).toBe(401);
  });
  it("names the scopes that would do", async () => {
    await asked({ ...person, scopes: ["repo"] });
    const { headers } = await api.get("/user/memberships/orgs/acme", { token: "asking" });
    expect([headers.get("x-oauth-scopes"), headers.get("x-accepted-oauth-scopes")]).toEqual(["repo", "read:org, user"]);
  });
});

describe("the sandbox's organizations, when an organization's repositories are listed", () => {
  it("gives those of this one, newest first", async () => {
    expect(names((await api.get("/orgs/acme/repos")).body)).toEqual(["inner", "anvils", "widgets"]);
  });
  it("gives anonymous callers the public ones", async () => {
    expect(names((await api.get("/orgs/acme/repos", { token: "" })).body)).toEqual(["anvils", "widgets"]);
  });
  it.each([
    ["type=private", ["inner"]],
    ["type=public", ["anvils", "widgets"]],
    ["sort=full_name", ["anvils", "inner", "widgets"]],
    ["sort=created&direction=asc", ["widgets", "anvils", "inner"]],
    ["per_page=2&page=2", ["widgets"]],
  ])("follows %s", async (query, expected) => {
    expect(names((await api.get(`/orgs/acme/repos?${query}`)).body)).toEqual(expected);
  });
});

describe("the sandbox's organizations, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
