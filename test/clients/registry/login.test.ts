import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { logIn } from "../../../clients/registry/login.ts";
import { getManifest } from "../../../clients/registry/registry.ts";
import { explainError } from "../../../errors/explain-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { useDockerConfig } from "./docker-config.ts";
import { failure } from "../failure.ts";
import { localServer } from "../local-server.ts";

const secret = Buffer.from("ada:one").toString("base64");
let asked: { address: string; authorization: string | null }[] = [];
let answer: () => Response;

beforeEach(() => {
  asked = [];
  answer = () => Response.json({ token: "given" });
  vi.stubGlobal("fetch", async (address: URL | string, init: RequestInit = {}) => {
    asked.push({ address: String(address), authorization: new Headers(init.headers).get("authorization") });
    return answer();
  });
});
afterEach(() => void vi.unstubAllGlobals());

/** The login for a registry whose token service is at `realm`; Docker knows a password for it. */
async function login(registry: string, realm: string) {
  await useDockerConfig({ auths: { [registry]: { auth: secret } } });
  const header = `Bearer realm="${realm}",service="s"`;
  return logIn({
    registry,
    header,
    scope: "repository:acme/app:pull",
    request: `GET https://${registry}/v2/acme/app`,
  });
}
const refusal = (registry: string, realm: string) => failure<ServerRefusal>(ServerRefusal, login(registry, realm));

describe("loginFor, when a registry names its token service", () => {
  it.each([
    ["another host of https", "docker.example", "https://auth.docker.example/token"],
    ["a port of https", "docker.example", "https://docker.example:8443/token"],
    ["https beside a registry on loopback", "127.0.0.1:5000", "https://auth.example/token"],
    ["loopback beside loopback", "127.0.0.1:5000", "http://127.0.0.1:5001/token"],
    ["loopback by another name", "localhost:5000", "http://[::1]:5001/token"],
  ])("sends the login to %s", async (_, registry, realm) => {
    expect(await login(registry, realm)).toBe("Bearer given");
    expect(asked).toEqual([
      { address: `${realm}?service=s&scope=repository%3Aacme%2Fapp%3Apull`, authorization: `Basic ${secret}` },
    ]);
  });

  it.each([
    ["plain HTTP elsewhere", "docker.example", "http://evil.example/token", "http://evil.example"],
    ["plain HTTP of its own", "docker.example", "http://docker.example/token", "http://docker.example"],
    ["loopback, which is this machine", "docker.example", "http://127.0.0.1:80/token", "http://127.0.0.1"],
    ["plain HTTP elsewhere, from loopback", "127.0.0.1:5000", "http://evil.example/token", "http://evil.example"],
    [
      "a name that only looks like loopback",
      "127.0.0.1:5000",
      "http://127.0.0.1.evil.example/",
      "http://127.0.0.1.evil",
    ],
    ["a user that looks like loopback", "127.0.0.1:5000", "http://127.0.0.1@evil.example/", "http://evil.example"],
    ["no web address", "docker.example", "ftp://docker.example/token", "ftp://docker.example"],
    ["a file", "docker.example", "file:///etc/passwd", "file://"],
    ["no address", "docker.example", "not an address", "its address is invalid"],
  ])("sends nothing to %s, and says so", async (_, registry, realm, named) => {
    const error = await refusal(registry, realm);
    expect(error).toMatchObject({ status: 401, transient: false, words: expect.stringContaining(named) });
    expect(explainError(error, "reading").parts.meaning).toContain("No login was sent");
    expect(asked).toEqual([]);
    for (const text of ["ada", "one:", secret]) {
      expect(error.message).not.toContain(text);
    }
  });
});

describe("loginFor, when a token service answers", () => {
  it.each([
    { token: "given" },
    { access_token: "given" },
    { token: "", access_token: "given" },
    { token: "given", expires_in: null },
  ])("takes the token of %j", async (body) => {
    answer = () => Response.json(body);
    expect(await login("docker.example", "https://docker.example/token")).toBe("Bearer given");
  });

  it.each([
    ["null", "null", "Invalid input: expected object, received null"],
    ["a page", "<html>Welcome</html>", "is not JSON"],
    ["nothing", "", "is not JSON"],
    ["a list", "[]", "Invalid input: expected object, received array"],
    ["an object without a token", "{}", "has no token"],
    ["tokens that are null", '{"token":null,"access_token":null}', "has no token"],
    ["a number", '{"token":1}', "token: Invalid input: expected string, received number"],
    ["a token of two lines", '{"token":"one\\ntwo"}', "has a token with characters that a header cannot contain"],
    ["a token with an escape", '{"token":"\\u001b[2J"}', "has a token with characters that a header cannot contain"],
    [
      "a token with a letter of no header",
      '{"token":"tökèn"}',
      "has a token with characters that a header cannot contain",
    ],
  ])("refuses %s in words of its own", async (_, body, words) => {
    answer = () => new Response(body);
    const error = await refusal("docker.example", "https://docker.example/token");
    expect(error).toMatchObject({
      request: "GET https://docker.example/token",
      status: 200,
      transient: false,
      words: `token endpoint: its answer ${words}`,
    });
    expect(explainError(error, "reading").parts.meaning).toContain("token service");
  });

  it.each([200, 403])("does not read an endless one with status %i to its end", async (status) => {
    let pulled = 0;
    answer = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled += 65_536;
            controller.enqueue(Buffer.alloc(65_536, "x"));
          },
        }),
        { status },
      );
    expect((await refusal("docker.example", "https://docker.example/token")).status).toBe(status);
    expect(pulled).toBeLessThan(2 ** 20);
  });
});

describe("loginFor, when a manifest is asked for", () => {
  it("sends the password to no other host in plain HTTP", async () => {
    vi.unstubAllGlobals();
    const header = { "www-authenticate": 'Bearer realm="http://127.0.0.1.evil.example/token"' };
    const registry = await localServer((_, response) => response.writeHead(401, header).end());
    try {
      await useDockerConfig({ auths: { [registry.address]: { auth: secret } } });
      const error = await failure<ServerRefusal>(ServerRefusal, getManifest(`${registry.address}/acme/app`, "1"));
      expect(error.request).toBe(`GET http://${registry.address}/v2/acme/app/manifests/1`);
      expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    } finally {
      await registry.close();
    }
  });
});
