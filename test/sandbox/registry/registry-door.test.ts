import { createHash } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { heldMemoryGrowth } from "../held-memory.ts";
import { digestOf, manifestType, registryClient } from "../registry-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let client: ReturnType<typeof registryClient>;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  client = registryClient(sandbox);
});
afterAll(() => forget());

describe("the registry door, when a request carries no token we issued", () => {
  it.each([
    ["GET", "/v2/", "repository:user/image:pull"],
    ["GET", "/v2/acme/app/manifests/1.0.0", "repository:acme/app:pull"],
    ["HEAD", "/v2/acme/app/blobs/sha256:00", "repository:acme/app:pull"],
    ["POST", "/v2/acme/app/blobs/uploads/", "repository:acme/app:pull,push"],
    ["PUT", "/v2/acme/app/manifests/1.0.0", "repository:acme/app:pull,push"],
  ])("challenges %s %s for %s", async (method, path, scope) => {
    const answer = await client.send(method, path, "Bearer stale");
    expect(answer.status).toBe(401);
    const { registry } = sandbox.addresses;
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer realm="http://${registry}/token",service="${registry}",scope="${scope}"`,
    );
  });
});

describe("the registry door, when a client asks for a token", () => {
  it("answers GET with an opaque token and nothing else", async () => {
    const answer = await client.askToken(["repository:acme/app:pull"]);
    expect(Object.keys((await answer.json()) as object)).toEqual(["token"]);
  });
  it("answers POST with 405, so that clients step down to GET", async () => {
    expect((await client.send("POST", "/token", "")).status).toBe(405);
  });
  it("refuses a wrong password", async () => {
    const answer = await client.askToken(
      ["repository:acme/app:pull"],
      `Basic ${Buffer.from("maintainer:no").toString("base64")}`,
    );
    expect([answer.status, await answer.json()]).toEqual([403, { errors: [{ code: "DENIED", message: "denied" }] }]);
  });
  it("gives anonymous callers one that reads but does not write", async () => {
    await client.pushImage("acme/public", "1.0.0", "public");
    const token = await client.bearer(["repository:acme/public:pull,push"], "");
    const read = await client.send("GET", "/v2/acme/public/manifests/1.0.0", token, {
      headers: { accept: manifestType },
    });
    const write = await client.send("POST", "/v2/acme/public/blobs/uploads/", token);
    expect([read.status, write.status]).toEqual([200, 401]);
  });
  it("gives one for pull alone that cannot push", async () => {
    const token = await client.bearer(["repository:acme/public:pull"]);
    expect((await client.send("POST", "/v2/acme/public/blobs/uploads/", token)).status).toBe(401);
  });
});

describe("the registry door, when an image is pushed", () => {
  it("gives relative upload locations in the singular", async () => {
    const token = await client.bearer(["repository:acme/app:pull,push"]);
    const answer = await client.send("POST", "/v2/acme/app/blobs/uploads/", token);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toMatch(/^\/v2\/acme\/app\/blobs\/upload\/[0-9a-f-]+\?_state=/);
  });
  it("serves it again by tag and by digest", async () => {
    const digest = await client.pushImage("acme/app", "1.0.0", "hello");
    const token = await client.bearer(["repository:acme/app:pull"]);
    const headers = { accept: manifestType };
    for (const reference of ["1.0.0", digest]) {
      const answer = await client.send("GET", `/v2/acme/app/manifests/${reference}`, token, { headers });
      expect(digestOf(await answer.text())).toBe(digest);
    }
  });
  it("answers HEAD without a body and with the digest", async () => {
    const digest = await client.pushImage("acme/app", "1.0.1", "head");
    const token = await client.bearer(["repository:acme/app:pull"]);
    const answer = await client.send("HEAD", "/v2/acme/app/manifests/1.0.1", token, {
      headers: { accept: manifestType },
    });
    expect([answer.headers.get("docker-content-digest"), await answer.text()]).toEqual([digest, ""]);
  });
  it("has no referrers API", async () => {
    const token = await client.bearer(["repository:acme/app:pull"]);
    const answer = await client.send("GET", `/v2/acme/app/referrers/${digestOf("x")}`, token);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("MANIFEST_UNKNOWN");
  });
  it("deletes nothing", async () => {
    const digest = await client.pushImage("acme/app", "1.0.2", "stay");
    const token = await client.bearer(["repository:acme/app:pull,push"]);
    const answer = await client.send("DELETE", `/v2/acme/app/manifests/${digest}`, token);
    expect(answer.status).toBe(405);
    expect(await answer.text()).toContain("UNSUPPORTED");
    expect(
      (await client.send("HEAD", `/v2/acme/app/manifests/${digest}`, token, { headers: { accept: manifestType } }))
        .status,
    ).toBe(200);
  });
});

describe("the registry door, when a repository is refused", () => {
  it("gives a token and says why at the first write", async () => {
    sandbox.registry.refuse("acme/locked");
    const token = await client.bearer(["repository:acme/locked:pull,push"]);
    const answer = await client.send("POST", "/v2/acme/locked/blobs/uploads/", token);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ errors: [{ code: "DENIED", message: "permission_denied: write_package" }] });
  });
  it("takes other words", async () => {
    const message = "The token provided does not match expected scopes";
    sandbox.registry.refuse("acme/scopes", { message });
    const token = await client.bearer(["repository:acme/scopes:pull,push"]);
    expect(await (await client.send("PUT", "/v2/acme/scopes/manifests/1", token)).text()).toContain(message);
  });
  it("refuses only new repositories where creation is what is forbidden", async () => {
    await client.pushImage("acme/old", "1.0.0", "old");
    sandbox.registry.refuse("acme/*", { create: true });
    const token = await client.bearer(["repository:acme/old:pull,push", "repository:acme/new:pull,push"]);
    const old = await client.send("POST", "/v2/acme/old/blobs/uploads/", token);
    const fresh = await client.send("POST", "/v2/acme/new/blobs/uploads/", token);
    sandbox.registry.grant("acme/*");
    expect([old.status, fresh.status]).toEqual([202, 403]);
    expect(await fresh.text()).toContain("installation not allowed to Create organization package");
  });
  it("takes writes again once granted", async () => {
    sandbox.registry.refuse("acme/later");
    sandbox.registry.grant("acme/later");
    await expect(client.pushImage("acme/later", "1.0.0", "now")).resolves.toMatch(/^sha256:/);
  });
});

describe("the registry door, when a repository is hidden", () => {
  it("answers anonymous token requests with DENIED: denied", async () => {
    await client.pushImage("acme/secret", "1.0.0", "secret");
    sandbox.registry.hide("acme/secret");
    const answer = await client.askToken(["repository:acme/secret:pull"], "");
    expect([answer.status, await answer.json()]).toEqual([403, { errors: [{ code: "DENIED", message: "denied" }] }]);
  });
  it("stays readable for the known user", async () => {
    const token = await client.bearer(["repository:acme/secret:pull"]);
    const answer = await client.send("HEAD", "/v2/acme/secret/manifests/1.0.0", token, {
      headers: { accept: manifestType },
    });
    expect(answer.status).toBe(200);
  });
});

describe("the registry door, when a layer is mounted from another repository", () => {
  const mount = async (from: string, content: string): Promise<Response> => {
    const token = await client.bearer(["repository:acme/target:pull,push", `repository:${from}:pull`]);
    const query = new URLSearchParams({ mount: digestOf(content), from });
    return client.send("POST", `/v2/acme/target/blobs/uploads/?${query.toString()}`, token);
  };
  it("mounts it where the caller may read", async () => {
    await client.pushImage("acme/source", "1.0.0", "mountable");
    expect((await mount("acme/source", "mountable")).status).toBe(201);
  });
  it("opens a plain upload where the caller may not", async () => {
    await client.pushImage("acme/private-source", "1.0.0", "unreadable");
    sandbox.registry.hide("acme/private-source", []);
    const answer = await mount("acme/private-source", "unreadable");
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toMatch(/\/blobs\/upload\//);
  });
});

describe("the registry door, when a client tries TLS first", () => {
  it("answers the hello with a plain HTTP 400", async () => {
    const socket = connect(Number(sandbox.addresses.registry.split(":")[1]), "127.0.0.1");
    // Record type 22 (handshake), TLS 1.0, five bytes of a hello.
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03]));
    let text = "";
    for await (const chunk of socket) {
      text += String(chunk);
    }
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("the registry door, when a client dies in the middle of an upload", () => {
  it("shows status 0 and no failure of the sandbox, and the blob is not there", async () => {
    const token = await client.bearer(["repository:acme/killed:pull,push"]);
    const opened = await client.send("POST", "/v2/acme/killed/blobs/uploads/", token);
    const digest = digestOf("x".repeat(1000));
    const mark = sandbox.journal.mark();
    const address = new URL(`${opened.headers.get("location") ?? ""}&digest=${digest}`, client.base);
    const outgoing = request(address, { method: "PUT", headers: { authorization: token, "content-length": "1000" } });
    outgoing.on("error", () => undefined);
    outgoing.write("x".repeat(500));
    await expect.poll(() => sandbox.journal.writes(mark)[0]?.bytesIn).toBe(500);
    outgoing.destroy();
    await expect.poll(() => sandbox.journal.writes(mark)[0]?.end).toBeLessThan(Infinity);
    expect(sandbox.journal.writes(mark)[0]?.status).toBe(0);
    expect((await client.send("HEAD", `/v2/acme/killed/blobs/${digest}`, token)).status).toBe(404);
    expect(sandbox.violations()).toEqual([]);
  });
});

describe("the registry door, when a layer has 128 MB", () => {
  it("passes up and down without being held in memory", async () => {
    const size = 128 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 7);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < size; sent += piece.length) {
        yield piece;
      }
    };
    const hash = createHash("sha256");
    for await (const part of pieces()) {
      hash.update(part);
    }
    const digest = `sha256:${hash.digest("hex")}`;
    const token = await client.bearer(["repository:acme/large:pull,push"]);
    const opened = await client.send("POST", "/v2/acme/large/blobs/uploads/", token);
    const statuses: number[] = [];
    let received = 0;
    const growth = await heldMemoryGrowth(async () => {
      const headers = { "content-type": "application/octet-stream" };
      const init: RequestInit = { body: ReadableStream.from(pieces()), duplex: "half", headers };
      const location = `${opened.headers.get("location") ?? ""}&digest=${digest}`;
      statuses.push((await client.send("PUT", location, token, init)).status);
      const fetched = await client.send("GET", `/v2/acme/large/blobs/${digest}`, token);
      for await (const part of fetched.body ?? []) {
        received += (part as Uint8Array).length;
      }
    });
    expect([...statuses, received]).toEqual([201, size]);
    expect(growth / 1024 / 1024).toBeLessThan(64);
  });
});
