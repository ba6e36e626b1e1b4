import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { githubClient } from "./github-client.ts";
import { temporarySandbox } from "./temporary-sandbox.ts";

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

describe("when an organization is asked for", () => {
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

describe("when an organization's repositories are listed", () => {
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

describe("when all of the above is held against GitHub's description", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
