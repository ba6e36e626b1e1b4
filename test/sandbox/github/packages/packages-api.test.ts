import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Token } from "../../../../sandbox/github/api/token.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { manifestType, registryClient } from "../../registry-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let client: ReturnType<typeof githubClient>;
let registry: ReturnType<typeof registryClient>;

const scopes = ["write:packages", "delete:packages"];
const tokens: Record<string, Token> = {
  owner: { kind: "classic", login: "ada", scopes },
  reader: { kind: "classic", login: "bob", scopes: ["read:packages"], roles: { acme: "read" } },
  unscoped: { kind: "classic", login: "ada", scopes: ["repo"] },
  fine: { kind: "fine-grained", login: "ada", permissions: { packages: "write" } },
  run: { kind: "actions", repository: "acme/widgets", permissions: { packages: "write" } },
  app: { kind: "app", login: "robot[bot]", permissions: { packages: "write" } },
};
const get = (path: string, token = "owner") => client.get(path, { token });
const remove = (path: string, token = "owner") => client.delete(path, { token });
const restore = (path: string, token = "owner") => client.post(`${path}/restore`, undefined, { token });
const list = async (path: string, token = "owner") => {
  const { status, body } = await get(path, token);
  const entries = body as unknown as Record<string, unknown>[];
  return status === 200 ? entries.map(({ name }) => name) : [status, body["message"]];
};
/** The version's id by one of its tags. */
const idOf = (name: string, tag: string): number =>
  sandbox.github.packages.find(name)?.versions.find(({ tags }) => tags.includes(tag))?.id ?? 0;
const pulled = async (name: string, reference: string): Promise<number> => {
  const bearer = await registry.bearer([`repository:${name}:pull`]);
  const headers = { accept: manifestType };
  return (await registry.send("HEAD", `/v2/${name}/manifests/${reference}`, bearer, { headers })).status;
};
const tagsOf = async (name: string): Promise<unknown> => {
  const answer = await registry.send(
    "GET",
    `/v2/${name}/tags/list`,
    await registry.bearer([`repository:${name}:pull`]),
  );
  return answer.status === 200 ? ((await answer.json()) as { tags: unknown }).tags : answer.status;
};

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  client = githubClient(sandbox);
  registry = registryClient(sandbox);
  Object.entries(tokens).forEach(([secret, token]) => sandbox.github.tokens.set(secret, token));
  await sandbox.github.createRepository("acme/widgets");
  const seed = sandbox.github.packages.seed.bind(sandbox.github.packages);
  await seed([
    { name: "acme/app", visibility: "public", repository: "acme/widgets", inherits: true },
    { name: "acme/charts/app", versions: [["1.0.0"], ["1.1.0", "latest"], []] },
    { name: "acme/inside", visibility: "internal" },
    { name: "acme/run", actions: { "acme/widgets": "admin" }, versions: [["1"], ["2"]] },
    { name: "acme/popular", visibility: "public", versions: [["1"], ["2"]], downloads: 5001 },
    { name: "ada/own", versions: Array.from({ length: 35 }, (_, index) => [`v${index}`]) },
  ]);
});
afterAll(() => forget());

describe("the sandbox's packages, when packages are listed", () => {
  it("tells an owner all of an organization's", async () => {
    expect(await list("/orgs/acme/packages?package_type=container")).toEqual([
      "app",
      "charts/app",
      "inside",
      "run",
      "popular",
    ]);
  });
  it("tells a member what is public or internal", async () => {
    expect(await list("/orgs/ACME/packages?package_type=container", "reader")).toEqual(["app", "inside", "popular"]);
  });
  it("tells a stranger what is public", async () => {
    sandbox.github.tokens.set("stranger", { kind: "classic", login: "eve", scopes: ["read:packages"], roles: {} });
    expect(await list("/orgs/acme/packages?package_type=container", "stranger")).toEqual(["app", "popular"]);
  });
  it.each([
    ["public", ["app", "popular"]],
    ["private", ["charts/app", "run"]],
    ["internal", ["inside"]],
  ])("filters by visibility %s", async (visibility, names) => {
    expect(await list(`/orgs/acme/packages?package_type=container&visibility=${visibility}`)).toEqual(names);
  });
  it("has pages", async () => {
    const answer = await get("/orgs/acme/packages?package_type=container&per_page=2&page=2");
    const names = (answer.body as unknown as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(["inside", "run"]);
    expect(answer.headers.get("link")).toMatch(/page=1>; rel="prev".*page=3>; rel="next"/);
  });
  it("has none of another type", async () => {
    expect(await list("/orgs/acme/packages?package_type=npm")).toEqual([]);
  });
  it("tells a person's own, in both forms", async () => {
    expect(await list("/user/packages?package_type=container")).toEqual(["own"]);
    expect(await list("/users/ada/packages?package_type=container")).toEqual(["own"]);
  });
  it.each([
    ["an organization nobody knows", "/orgs/nobody/packages?package_type=container", 404, "Not Found"],
    ["a person as an organization", "/orgs/ada/packages?package_type=container", 404, "Not Found"],
    ["an organization as a person", "/users/acme/packages?package_type=container", 404, "Not Found"],
    ["over 10,000", "/orgs/acme/packages?package_type=container&per_page=100&page=101", 400, "Invalid argument."],
  ])("refuses %s", async (_, path, status, message) => {
    expect(await list(path)).toEqual([status, message]);
  });
  it.each([
    ["unscoped", 403, "You need at least read:packages scope to list packages."],
    ["fine", 403, "Resource not accessible by personal access token"],
    ["run", 400, "Invalid argument."],
    ["app", 400, "Invalid argument."],
    ["", 401, "Requires authentication"],
  ])("refuses the token %s", async (token, status, message) => {
    expect(await list("/orgs/acme/packages?package_type=container", token)).toEqual([status, message]);
  });
  it("names the scope that is missing", async () => {
    const { headers } = await get("/orgs/acme/packages?package_type=container", "unscoped");
    expect([headers.get("x-oauth-scopes"), headers.get("x-accepted-oauth-scopes")]).toEqual(["repo", "read:packages"]);
  });
  it("answers 304 where nothing changed, and anew where something did", async () => {
    await sandbox.github.packages.seed([{ name: "quiet/app" }]);
    const address = `${sandbox.addresses.api}/orgs/quiet/packages?package_type=container`;
    const ask = async (etag: string) =>
      fetch(address, { headers: { authorization: "Bearer owner", "if-none-match": etag } });
    const etag = (await ask("")).headers.get("etag") ?? "";
    const mark = sandbox.journal.mark();
    const same = await ask(etag);
    await sandbox.github.packages.set("quiet/app", { visibility: "internal" });
    const changed = await ask(etag);
    expect([same.status, changed.status, same.headers.get("x-ratelimit-used")]).toEqual([
      304,
      200,
      String(Number(changed.headers.get("x-ratelimit-used")) - 1),
    ]);
    expect(sandbox.journal.reads(mark).map(({ status }) => status)).toEqual([304, 200]);
  });
});

describe("the sandbox's packages, when one package is asked for", () => {
  it("has visibility, link and addresses", async () => {
    const { web, api } = sandbox.addresses;
    expect((await get("/orgs/acme/packages/container/app")).body).toMatchObject({
      name: "app",
      package_type: "container",
      visibility: "public",
      version_count: 1,
      owner: { login: "acme", type: "Organization" },
      repository: { full_name: "acme/widgets" },
      url: `${api}/orgs/acme/packages/container/app`,
      html_url: `${web}/orgs/acme/packages/container/package/app`,
    });
  });
  it("has no repository where none is linked", async () => {
    expect((await get("/orgs/acme/packages/container/inside")).body).not.toHaveProperty("repository");
  });
  it("takes a slash in the name as %2F only", async () => {
    const escaped = await get("/orgs/acme/packages/container/charts%2Fapp");
    const bare = await get("/orgs/acme/packages/container/charts/app");
    expect([escaped.status, escaped.body["name"], bare.status]).toEqual([200, "charts/app", 404]);
  });
  it.each([
    ["reader", "charts%2Fapp", 404, "Package not found."],
    ["owner", "missing", 404, "Package not found."],
    ["app", "run", 404, "Package not found."],
    ["unscoped", "run", 403, "You need at least read:packages scope to get a package."],
    ["fine", "run", 403, "Resource not accessible by personal access token"],
  ])("refuses the token %s the package %s", async (token, name, status, message) => {
    const answer = await get(`/orgs/acme/packages/container/${name}`, token);
    expect([answer.status, answer.body["message"]]).toEqual([status, message]);
  });
  it("is there for a run that has access", async () => {
    expect((await get("/orgs/acme/packages/container/run", "run")).status).toBe(200);
  });
});

describe("the sandbox's packages, when versions are asked for", () => {
  it("tells them newest first, with their tags", async () => {
    const { body } = await get("/orgs/acme/packages/container/charts%2Fapp/versions");
    const versions = body as unknown as { name: string; metadata: unknown }[];
    expect(versions.map(({ metadata }) => metadata)).toEqual([
      { package_type: "container", container: { tags: [] } },
      { package_type: "container", container: { tags: ["1.1.0", "latest"] } },
      { package_type: "container", container: { tags: ["1.0.0"] } },
    ]);
    expect(versions[0]?.name).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
  it.each([
    ["/user/packages/container/own/versions", 30],
    ["/user/packages/container/own/versions?per_page=10&page=4", 5],
    ["/users/ada/packages/container/own/versions", 35],
  ])("has at %s so many: %i", async (path, length) => {
    expect((await get(path)).body).toHaveLength(length);
  });
  it("tells one by its number", async () => {
    const id = idOf("acme/charts/app", "latest");
    const { status, body } = await get(`/orgs/acme/packages/container/charts%2Fapp/versions/${id}`);
    expect([status, body["id"]]).toEqual([200, id]);
  });
  it("refuses a token without scope", async () => {
    const { status, body } = await get("/orgs/acme/packages/container/app/versions", "unscoped");
    expect([status, body["message"]]).toEqual([
      403,
      "You need at least read:packages scope to get a package's versions.",
    ]);
  });
});

describe("the sandbox's packages, when a version is deleted", () => {
  it("is served no more, by tag or digest, until it is restored", async () => {
    const digest = await registry.pushImage("acme/pushed", "1.0.0", "one");
    await registry.pushImage("acme/pushed", "1.1.0", "two");
    const path = `/orgs/acme/packages/container/pushed/versions/${idOf("acme/pushed", "1.0.0")}`;
    expect((await remove(path)).status).toBe(204);
    expect([await pulled("acme/pushed", "1.0.0"), await pulled("acme/pushed", digest)]).toEqual([404, 404]);
    expect(await tagsOf("acme/pushed")).toEqual(["1.1.0"]);
    const deleted = (await get("/orgs/acme/packages/container/pushed/versions?state=deleted")).body;
    expect(deleted).toMatchObject([{ name: digest, deleted_at: expect.stringMatching(/Z$/) }]);
    expect((await restore(path)).status).toBe(204);
    expect([await pulled("acme/pushed", "1.0.0"), await tagsOf("acme/pushed")]).toEqual([200, ["1.0.0", "1.1.0"]]);
  });
  it("is gone for good when its manifest is pushed again", async () => {
    await registry.pushImage("acme/again", "1.0.0", "one");
    await registry.pushImage("acme/again", "1.1.0", "two");
    const path = `/orgs/acme/packages/container/again/versions/${idOf("acme/again", "1.0.0")}`;
    await remove(path);
    const digest = await registry.pushImage("acme/again", "1.0.0", "one");
    expect([await pulled("acme/again", digest), (await restore(path)).status]).toEqual([200, 404]);
  });
  it("comes back without a tag that another one has by then", async () => {
    const first = await registry.pushImage("acme/moved", "latest", "one");
    await registry.pushImage("acme/moved", "1.0.0", "two");
    const path = `/orgs/acme/packages/container/moved/versions/${idOf("acme/moved", "latest")}`;
    await remove(path);
    await registry.pushImage("acme/moved", "latest", "three");
    await restore(path);
    const version = sandbox.github.packages.find("acme/moved")?.versions.find(({ digest }) => digest === first);
    expect([version?.tags, version?.deletedAt]).toEqual([[], null]);
  });
  it("cannot be restored after 30 days", async () => {
    const path = `/orgs/acme/packages/container/charts%2Fapp/versions/${idOf("acme/charts/app", "1.0.0")}`;
    await remove(path);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30.1 * 24 * 3600 * 1000 });
    const late = await restore(path).finally(() => vi.useRealTimers());
    expect([late.status, (await restore(path)).status]).toEqual([404, 204]);
  });
  it.each([
    [
      "the last tagged one",
      "/orgs/acme/packages/container/app",
      "acme/app",
      "1.0.0",
      400,
      "You cannot delete the last tagged version of a package. You must delete the package instead.",
    ],
    [
      "a popular public one",
      "/orgs/acme/packages/container/popular",
      "acme/popular",
      "1",
      400,
      "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    ],
  ])("keeps %s", async (_, path, name, tag, status, message) => {
    const answer = await remove(`${path}/versions/${idOf(name, tag)}`);
    expect([answer.status, answer.body["message"]]).toEqual([status, message]);
  });
  it.each([
    [
      "reader",
      "inside",
      403,
      "You need at least delete:packages and read:packages scopes to delete a package version.",
    ],
    ["app", "app", 403, "Resource not accessible by integration"],
    ["run", "app", 403, "Resource not accessible by integration"],
  ])("refuses the token %s", async (token, name, status, message) => {
    const answer = await remove(`/orgs/acme/packages/container/${name}/versions/1`, token);
    expect([answer.status, answer.body["message"]]).toEqual([status, message]);
  });
  it("is left to a run whose repository is its admin", async () => {
    const path = `/orgs/acme/packages/container/run/versions/${idOf("acme/run", "1")}`;
    expect((await remove(path, "run")).status).toBe(204);
  });
  it("refuses a person who is no admin of it", async () => {
    sandbox.github.tokens.set("member", { kind: "classic", login: "bob", scopes, roles: { acme: "write" } });
    const answer = await remove(`/orgs/acme/packages/container/app`, "member");
    expect([answer.status, answer.body["message"]]).toEqual([403, "Must have admin rights to Package."]);
  });
});

describe("the sandbox's packages, when a package is deleted", () => {
  it("is gone until it is restored", async () => {
    await registry.pushImage("acme/whole", "1.0.0", "whole");
    const path = "/orgs/acme/packages/container/whole";
    expect((await remove(path)).status).toBe(204);
    expect([(await get(path)).status, await tagsOf("acme/whole"), await pulled("acme/whole", "1.0.0")]).toEqual([
      404, 404, 404,
    ]);
    expect((await restore(path)).status).toBe(204);
    expect([(await get(path)).status, await pulled("acme/whole", "1.0.0")]).toEqual([200, 200]);
  });
  it("is made anew by a push, without what it held, and cannot be restored then", async () => {
    const old = await registry.pushImage("acme/anew", "1.0.0", "old");
    const path = "/orgs/acme/packages/container/anew";
    await remove(path);
    expect((await registry.askToken(["repository:acme/anew:pull"], "")).status).toBe(403);
    await registry.pushImage("acme/anew", "2.0.0", "new");
    expect([await tagsOf("acme/anew"), await pulled("acme/anew", old), (await restore(path)).status]).toEqual([
      ["2.0.0"],
      404,
      404,
    ]);
  });
  it("stays where it is public and popular", async () => {
    const answer = await remove("/orgs/acme/packages/container/popular");
    expect([answer.status, answer.body["message"]]).toEqual([
      400,
      "Publicly visible packages with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    ]);
  });
});

describe("the sandbox's packages, when a setting is tried by the API", () => {
  it("has no operation for it", async () => {
    const path = "/orgs/acme/packages/container/app";
    const { status, body } = await client.patch(path, { visibility: "private" }, { token: "owner" });
    expect([status, body["message"]]).toEqual([404, "Not Found"]);
  });
});

describe("the sandbox's packages, when a person looks at the pages", () => {
  const text = async (path: string): Promise<string> => (await fetch(sandbox.addresses.web + path)).text();
  it("shows the settings at their address", async () => {
    await sandbox.github.packages.set("acme/charts/app", { actions: { "acme/widgets": "write" } });
    for (const name of ["charts/app", "charts%2Fapp"]) {
      const page = await text(`/orgs/acme/packages/container/${name}/settings`);
      expect(page).toContain("<td>acme/widgets</td><td>write</td>");
      expect(page).toContain("<h3>Visibility</h3><p>private</p>");
    }
  });
  it("shows a package at the address the API tells", async () => {
    const { body } = await get("/orgs/acme/packages/container/charts%2Fapp");
    const page = await (await fetch(String(body["html_url"]))).text();
    expect(page).toContain("1.1.0, latest");
  });
  it("shows an owner's list", async () => {
    expect(await text("/users/ada/packages")).toContain('href="/users/ada/packages/container/package/own"');
  });
  it("shows nothing of a package that is not there", async () => {
    const answer = await fetch(`${sandbox.addresses.web}/orgs/acme/packages/container/none/settings`);
    expect(answer.status).toBe(404);
  });
});

describe("the sandbox's packages, when all of the above is done", () => {
  it("kept to GitHub's description, but for what tests asked wrongly", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});
