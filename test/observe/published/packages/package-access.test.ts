import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SeededPackage } from "../../../../sandbox/github/packages/package-control.ts";
import type { Token } from "../../../../sandbox/github/api/token.ts";
import { observePackageAccess } from "../../../../observe/published/packages/package-access.ts";
import { connectedSandbox } from "../../../clients/connected-sandbox.ts";
import { registryClient } from "../../../sandbox/registry-client.ts";

const world = connectedSandbox();
const pushing = { packages: "write", contents: "write" } as const;
let dockerConfig: string;
let secrets = 0;
let packagesSeeded = 0;

beforeAll(async () => {
  const { github } = world.sandbox;
  await github.createRepository("acme/widgets");
  await github.packages.setOwner("acme", { type: "organization" });
  dockerConfig = await mkdtemp(join(tmpdir(), "lockstep-docker-"));
});
afterAll(() => rm(dockerConfig, { recursive: true, force: true }));

/** This process is logged in with a token to GitHub and to the registry, as a workflow is. */
async function loggedInAs(token: Token | string | undefined): Promise<void> {
  const secret = typeof token === "string" ? token : `secret-${++secrets}`;
  if (typeof token === "object") {
    world.sandbox.github.tokens.set(secret, token);
  }
  const auth = Buffer.from(`kim:${secret}`).toString("base64");
  const auths = token === undefined ? {} : { [world.sandbox.addresses.registry]: { auth } };
  await writeFile(join(dockerConfig, "config.json"), JSON.stringify({ auths }));
  process.env["DOCKER_CONFIG"] = dockerConfig;
  if (token === undefined) {
    delete process.env["GITHUB_TOKEN"];
  } else {
    process.env["GITHUB_TOKEN"] = secret;
  }
}

/** A package that no other test has: the process keeps the registry's answers to a login for each. */
async function seeded(owner = "acme", settings: Partial<SeededPackage> = {}): Promise<string> {
  const name = `${owner}/app-${++packagesSeeded}`;
  const own = { visibility: "public", repository: "acme/widgets", actions: { "acme/widgets": "write" } } as const;
  await world.sandbox.github.packages.seed([{ ...own, ...settings, name }]);
  return name;
}

async function accessOf(name: string, registry = world.sandbox.addresses.registry) {
  const repository = `${world.sandbox.addresses.registry}/${name}`;
  const { packages, publicRepository } = await observePackageAccess({
    repositories: [repository],
    registry,
    releasing: "acme/widgets",
  });
  return { ...packages[0], publicRepository };
}

const actions: Token = { kind: "actions", repository: "acme/widgets", permissions: pushing };

describe("observePackageAccess, when a workflow's token asks for a package of its repository", () => {
  beforeEach(() => loggedInAs(actions));

  it("is known to accept a push, with who sees it, and what it is linked to", async () => {
    const name = await seeded();
    expect(await accessOf(name)).toMatchObject({
      package: { owner: "acme", name: name.slice(5), organization: true },
      exists: true,
      settings: { visibility: "public", linked: "acme/widgets" },
      write: { may: "write" },
      publicRepository: true,
    });
  });

  it("opens one upload session, never fills it, and writes nothing", async () => {
    const { journal } = world.sandbox;
    const name = await seeded();
    const mark = journal.mark();
    await accessOf(name);
    expect(journal.probes(mark).map(({ status }) => status)).toEqual([202]);
    expect(journal.writes(mark)).toEqual([]);
  });

  it("does not ask a package that nobody ever pushed: a session might leave an empty one", async () => {
    const mark = world.sandbox.journal.mark();
    expect(await accessOf("acme/new")).toMatchObject({
      exists: false,
      write: { may: "not asked", why: "nothing was ever pushed there" },
    });
    expect(world.sandbox.journal.probes(mark)).toEqual([]);
  });
});

describe("observePackageAccess, when a push would be refused", () => {
  const closed = { visibility: "private", repository: null, actions: {} } as const;

  it.each<[what: string, token: Token, owner: string, settings: Partial<SeededPackage>, words: string]>([
    ["the package does not know this repository", actions, "acme", closed, "permission_denied: write_package"],
    [
      "`packages: write` is missing",
      { kind: "actions", repository: "acme/widgets", permissions: { contents: "write", packages: "read" } },
      "acme",
      {},
      "installation not allowed to Write organization package",
    ],
    ["the package is another owner's", actions, "other", {}, "The requested installation does not exist"],
    [
      "a classic token has no `write:packages`",
      { kind: "classic", login: "kim", scopes: ["repo", "read:packages"] },
      "acme",
      {},
      "does not match expected scopes",
    ],
    [
      "it is an App's token",
      { kind: "app", login: "robot[bot]", permissions: { packages: "write" } },
      "acme",
      {},
      "installation not allowed to Write organization package",
    ],
  ])("%s", async (_, token, owner, settings, words) => {
    await loggedInAs(token);
    const { write } = await accessOf(await seeded(owner, settings));
    expect(write).toEqual({
      may: "not write",
      status: 403,
      words: expect.stringContaining(words),
      request: expect.stringMatching(/^POST .*\/blobs\/uploads\/$/),
    });
  });

  it("knows a fine-grained token by its name, and asks nobody", async () => {
    world.sandbox.github.tokens.set("github_pat_1", { kind: "fine-grained", login: "kim", permissions: pushing });
    const name = "acme/fine-grained";
    await registryClient(world.sandbox).pushImage(name, "1.0.0", name);
    await loggedInAs("github_pat_1");
    const mark = world.sandbox.journal.mark();
    expect((await accessOf(name)).write).toMatchObject({
      may: "not write",
      words: expect.stringContaining("fine-grained"),
    });
    expect(world.sandbox.journal.probes(mark)).toEqual([]);
  });
});

describe("observePackageAccess, when nothing was ever pushed there, and the login cannot push at all", () => {
  const everyTag = { door: "registry", method: "GET", path: /tags\/list/, when: "before", times: Infinity } as const;

  it.each<[what: string, login: string | undefined, write: object]>([
    ["is none", undefined, { may: "not be known", why: expect.stringContaining("no login") }],
    ["is a fine-grained token", "github_pat_2", { may: "not write", words: expect.stringContaining("fine-grained") }],
  ])("says so before the build where it %s, and opens no session", async (_, login, write) => {
    world.sandbox.github.tokens.set("github_pat_2", { kind: "fine-grained", login: "kim", permissions: pushing });
    const body = { errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry" }] };
    world.sandbox.faults.add({ ...everyTag, act: { status: 404, body } });
    await loggedInAs(login);
    const mark = world.sandbox.journal.mark();
    expect(await accessOf(`acme/newer-${login ?? "none"}`)).toMatchObject({ exists: false, write });
    expect(world.sandbox.journal.probes(mark)).toEqual([]);
  });
});

describe("observePackageAccess, when the registry does not know the login", () => {
  beforeEach(() => loggedInAs(actions));

  it.each([
    ["the token service", "GET", /^\/token/, "token endpoint: UNAUTHORIZED: who?"],
    ["the registry, twice", "POST", /blobs\/uploads/, "UNAUTHORIZED: who?"],
  ] as const)("has the status of %s", async (_, method, path, words) => {
    const name = await seeded();
    const body = { errors: [{ code: "UNAUTHORIZED", message: "who?" }] };
    world.sandbox.faults.add({
      door: "registry",
      method,
      path,
      when: "before",
      times: Infinity,
      act: { status: 401, body },
    });
    expect((await accessOf(name)).write).toMatchObject({ may: "not write", status: 401, words });
  });
});

describe("observePackageAccess, when no one is logged in", () => {
  it("cannot be known, and a public package is still seen to exist", async () => {
    await registryClient(world.sandbox).pushImage("acme/pushed", "1.0.0", "pushed");
    await loggedInAs(undefined);
    expect(await accessOf("acme/pushed")).toMatchObject({
      exists: true,
      write: { may: "not be known", why: expect.stringContaining("no login") },
    });
  });
});

describe("observePackageAccess, when the registry is not GitHub's", () => {
  it("is asked for a push all the same, and nothing of GitHub's is", async () => {
    await loggedInAs(actions);
    const name = await seeded();
    const mark = world.sandbox.journal.mark();
    const access = await accessOf(name, "ghcr.io");
    expect(access).toMatchObject({ package: undefined, settings: undefined, write: { may: "write" } });
    expect(access.publicRepository).toBeUndefined();
    expect(world.sandbox.journal.since(mark).filter(({ door }) => door === "github")).toEqual([]);
  });
});

describe("observePackageAccess, when a service limits the rate", () => {
  beforeEach(() => loggedInAs(actions));

  it.each([
    ["429 TOOMANYREQUESTS", "uploads"],
    ["403 DENIED, with the words of a rate limit", "secondary"],
  ] as const)("is no permission: the failure is passed on as what it is: %s", async (_, kind) => {
    const name = await seeded();
    world.sandbox.registry.limit(kind, Infinity);
    const access = accessOf(name);
    await expect(access).rejects.toMatchObject({ code: "RATE_LIMITED" });
    world.sandbox.registry.limit(kind, 0);
  });
});
