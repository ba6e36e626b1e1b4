import { describe, expect, it, onTestFinished } from "vitest";
import { getManifest, headManifest, putManifest } from "../../../clients/registry/registry.ts";
import type { Manifest } from "../../../clients/registry/registry.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { manifestType, registryClient } from "../../sandbox/registry-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { useCredentialHelper, useDockerConfig } from "./docker-config.ts";
import { failure } from "../failure.ts";
import { localServer } from "../local-server.ts";

const world = connectedSandbox();

async function pushed() {
  const { repository, name } = world.image();
  const digest = await registryClient(world.sandbox).pushImage(name, "1.0.0", name);
  return { repository, name, digest };
}

async function fetched(repository: string): Promise<Manifest> {
  const manifest = await getManifest(repository, "1.0.0");
  if (manifest === undefined) {
    throw new Error("was not pushed");
  }
  return manifest;
}

/** Queries of the requests for tokens since `mark`. */
const scopes = (mark: number): (string | null)[] =>
  world.sandbox.journal
    .since(mark, { door: "registry", path: /^\/token/ })
    .map(({ path }) => new URL(path, "http://127.0.0.1").searchParams.get("scope"));

const auth = (login: string): string => Buffer.from(login).toString("base64");

describe("askRegistry, when a registry wants a token", () => {
  it("is asked, names its token service, and is asked again", async () => {
    const { repository } = await pushed();
    const mark = world.sandbox.journal.mark();
    await getManifest(repository, "1.0.0");
    expect(
      world.sandbox.journal
        .since(mark)
        .map(({ method, path, status }) => [method, path.split("?")[0]?.split("/").at(-1), status]),
    ).toEqual([
      ["GET", "1.0.0", 401],
      ["GET", "token", 200],
      ["GET", "1.0.0", 200],
    ]);
  });
  it("gives one token for all reads of a repository", async () => {
    const { repository, digest } = await pushed();
    const mark = world.sandbox.journal.mark();
    await headManifest(repository, "1.0.0");
    await getManifest(repository, digest);
    await headManifest(repository, digest);
    expect(scopes(mark)).toHaveLength(1);
  });
  it("is asked for a token at once, if it has named its token service for another repository", async () => {
    await getManifest((await pushed()).repository, "1.0.0");
    const { repository } = await pushed();
    const mark = world.sandbox.journal.mark();
    await getManifest(repository, "1.0.0");
    const answers = world.sandbox.journal.since(mark).map(({ path, status }) => [path.split(/[?/]/)[1], status]);
    expect(answers).toEqual([
      ["token", 200],
      ["v2", 200],
    ]);
  });
  it("names its token service again, if that refused", async () => {
    await getManifest((await pushed()).repository, "1.0.0");
    const { repository } = await pushed();
    world.sandbox.faults.add({
      door: "registry",
      method: "GET",
      path: /^\/token/,
      when: "before",
      act: { status: 403 },
    });
    const mark = world.sandbox.journal.mark();
    expect(await getManifest(repository, "1.0.0")).toBeDefined();
    const answers = world.sandbox.journal.since(mark).map(({ path, status }) => [path.split(/[?/]/)[1], status]);
    expect(answers).toEqual([
      ["token", 403],
      ["v2", 401],
      ["token", 200],
      ["v2", 200],
    ]);
  });
  it("gives one token for reads that begin side by side", async () => {
    const { repository, digest } = await pushed();
    const mark = world.sandbox.journal.mark();
    const manifests = await Promise.all(["1.0.0", digest, "1.0.0", digest].map((one) => getManifest(repository, one)));
    expect(manifests.map((manifest) => manifest?.digest)).toEqual([digest, digest, digest, digest]);
    const refused = world.sandbox.journal.since(mark, ({ status }) => status === 401);
    expect([scopes(mark).length, refused.length]).toEqual([1, 0]);
  });
  it("lets reads go on that began beside one that failed", async () => {
    const { repository, digest } = await pushed();
    const path = /manifests\/1\.0\.0/;
    world.sandbox.faults.add({ door: "registry", method: "GET", path, when: "before", act: { status: 404 } });
    world.sandbox.faults.add({ door: "registry", method: "GET", path: /^\/token/, when: "before", act: "reset" });
    const reads = ["1.0.0", digest, digest].map((one) => getManifest(repository, one));
    expect((await Promise.all(reads)).map((manifest) => manifest?.digest)).toEqual([undefined, digest, digest]);
  });
  it("is asked to pull for reads", async () => {
    const { repository, name } = await pushed();
    const mark = world.sandbox.journal.mark();
    await headManifest(repository, "1.0.0");
    expect(scopes(mark)).toEqual([`repository:${name}:pull`]);
  });
  it("is asked to pull and push for writes", async () => {
    const { repository, name } = await pushed();
    const manifest = await fetched(repository);
    const mark = world.sandbox.journal.mark();
    await putManifest(repository, "1.0.1", manifest);
    expect(scopes(mark)).toEqual([`repository:${name}:pull,push`]);
  });
  it("is asked for no token to pull after one to pull and push", async () => {
    const { repository, name } = await pushed();
    const mark = world.sandbox.journal.mark();
    const manifest = await getManifest(repository, "1.0.0", { access: "pull,push" });
    expect(await getManifest(repository, "1.0.0")).toEqual(manifest);
    expect(scopes(mark)).toEqual([`repository:${name}:pull,push`]);
  });
  it("is asked to pull for reads beside and after a login to write that is refused", async () => {
    const { repository, digest } = await pushed();
    const other = await pushed();
    const manifest = await fetched(other.repository);
    const refused = { door: "registry", method: "GET", path: /^\/token.*push/, when: "before" } as const;
    world.sandbox.faults.add({ ...refused, times: Infinity, act: { status: 403 } });
    const write = failure(ServerRefusal, putManifest(repository, "1.0.1", manifest));
    const reads = [getManifest(repository, "1.0.0"), write.then(() => getManifest(repository, digest))];
    expect((await Promise.all(reads)).map((one) => one?.digest)).toEqual([digest, digest]);
    expect(await write).toMatchObject({ status: expect.toSatisfy((status) => status === 401 || status === 403) });
  });
  it("gives another token for another repository", async () => {
    const [one, other] = [await pushed(), await pushed()];
    const mark = world.sandbox.journal.mark();
    await getManifest(one.repository, "1.0.0");
    await getManifest(other.repository, "1.0.0");
    expect(scopes(mark)).toEqual([`repository:${one.name}:pull`, `repository:${other.name}:pull`]);
  });
  it("is asked for a new one when the old one has expired", async () => {
    const { repository, digest } = await pushed();
    await getManifest(repository, "1.0.0");
    const realm = `Bearer realm="http://${world.sandbox.addresses.registry}/token",service="x"`;
    const act = { status: 401, headers: { "www-authenticate": realm } };
    world.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "before", act });
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("is tried again where the token service fails for a moment", async () => {
    const { repository, digest } = await pushed();
    world.sandbox.faults.add({
      door: "registry",
      method: "GET",
      path: /^\/token/,
      when: "before",
      act: { status: 503 },
    });
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
});

describe("askRegistry, when there is no login", () => {
  it("reads what is public", async () => {
    await useDockerConfig(undefined);
    const { repository, digest } = await pushed();
    expect((await headManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("is refused the write with the registry's words", async () => {
    const { repository } = await pushed();
    const manifest = await fetched(repository);
    await useDockerConfig(undefined);
    const error = await failure(ServerRefusal, putManifest(repository, "1.0.1", manifest));
    expect(error).toMatchObject({ status: 401, words: "UNAUTHORIZED: authentication required" });
  });
  it("is refused what is private with the token service's words", async () => {
    const { repository, name } = await pushed();
    world.sandbox.registry.hide(name);
    await useDockerConfig(undefined);
    const error = await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(error).toMatchObject({ status: 403, words: "token endpoint: DENIED: denied" });
  });
  it("is asked for again once there is one", async () => {
    const { repository, name, digest } = await pushed();
    world.sandbox.registry.hide(name);
    const refused = async () => {
      await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    };
    const loggedIn = process.env["DOCKER_CONFIG"];
    await useDockerConfig(undefined);
    await refused();
    process.env["DOCKER_CONFIG"] = loggedIn;
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
});

describe("askRegistry, when the login is wrong", () => {
  it("is refused with the token service's words", async () => {
    const { repository } = await pushed();
    await useDockerConfig({ auths: { [world.sandbox.addresses.registry]: { auth: auth("maintainer:wrong") } } });
    const error = await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(error).toMatchObject({ status: 403, words: "token endpoint: DENIED: denied" });
  });
});

describe("askRegistry, when a credential helper has the login", () => {
  it("may write", async () => {
    const { repository, digest } = await pushed();
    const manifest = await fetched(repository);
    const token = process.env["GITHUB_TOKEN"] ?? "";
    await useCredentialHelper("x", `echo '{"Username":"maintainer","Secret":"${token}"}'`);
    await useDockerConfig({ credHelpers: { [world.sandbox.addresses.registry]: "x" } });
    await putManifest(repository, "1.0.1", manifest);
    expect((await headManifest(repository, "1.0.1"))?.digest).toBe(digest);
  });
});

describe("askRegistry, when a registry wants the password itself", () => {
  it("is given it after its challenge only", async () => {
    const server = await localServer((request, response) => {
      const known = request.headers.authorization !== undefined;
      response.writeHead(known ? 404 : 401, known ? {} : { "www-authenticate": 'Basic realm="x"' }).end();
    });
    onTestFinished(server.close);
    await useDockerConfig({ auths: { [server.address]: { auth: auth("ada:one") } } });
    await getManifest(`${server.address}/acme/app`, "1.0.0");
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, `Basic ${auth("ada:one")}`]);
  });
});

describe("askRegistry, when a registry sends the reader to another host", () => {
  const secret = "X-Amz-Signature=abcdef";
  /** A registry with Basic login, and the storage that it redirects to. */
  async function redirecting(status: number, body: string) {
    const storage = await localServer((_, response) =>
      response.writeHead(status, { "content-type": manifestType }).end(body),
    );
    const registry = await localServer((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      } else {
        response.writeHead(307, { location: `http://${storage.address}/blob?${secret}` }).end();
      }
    });
    onTestFinished(storage.close);
    onTestFinished(registry.close);
    await useDockerConfig({ auths: { [registry.address]: { auth: auth("ada:one") } } });
    return { repository: `${registry.address}/acme/app`, storage };
  }
  it("follows", async () => {
    const { repository } = await redirecting(200, "{}");
    expect((await getManifest(repository, "1.0.0"))?.bytes.toString()).toBe("{}");
  });
  it("does not carry the login there", async () => {
    const { repository, storage } = await redirecting(200, "{}");
    await getManifest(repository, "1.0.0");
    expect(storage.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
  it("keeps the signature of the address out of a refusal", async () => {
    const { repository } = await redirecting(403, "expired");
    expect((await failure(ServerRefusal, getManifest(repository, "1.0.0"))).message).not.toContain("Signature");
  });
});
