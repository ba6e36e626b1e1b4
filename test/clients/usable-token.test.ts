import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readDockerCredentials } from "../../clients/registry/docker-credentials.ts";
import { gitHub } from "../../clients/github/github.ts";
import { headManifest } from "../../clients/registry/registry.ts";
import { requireUsablePassword, requireUsableToken } from "../../clients/usable-token.ts";
import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { useDockerConfig } from "./registry/docker-config.ts";
import { failure } from "./failure.ts";
import { localServer } from "./local-server.ts";

const bad: [string, string][] = [
  ["a line end inside", "ghp_secret1\nghp_secret2"],
  ["a line end behind", "ghp_secret1\n"],
  ["a carriage return", "ghp_secret1\r"],
  ["a zero byte", "ghp_\0secret1"],
];

describe("usableToken, when a token is read", () => {
  it.each([...bad, ["a blank", "ghp_ secret1"], ["a letter beyond ASCII", "ghp_secret1é"], ["nothing in it", ""]])(
    "is refused without being shown if it has %s",
    (_, token) => {
      const refused = (): string => requireUsableToken(token, "GITHUB_TOKEN");
      expect(refused).toThrow(/^reading GITHUB_TOKEN failed \[CREDENTIALS_REFUSED\]/);
      expect(refused).not.toThrow(/secret1/);
    },
  );

  it.each(["ghp_0123456789", "eyJhbGciOi.J9-_.x==", "!~"])("is taken: %s", (token) => {
    expect(requireUsableToken(token, "GITHUB_TOKEN")).toBe(token);
  });
});

describe("usablePassword, when a password is read", () => {
  it.each(bad)("is refused without being shown if it has %s", (_, password) => {
    const refused = (): string => requireUsablePassword(password, "the login of ghcr.io");
    expect(refused).toThrow(/^reading the login of ghcr\.io failed \[CREDENTIALS_REFUSED\]/);
    expect(refused).not.toThrow(/secret1/);
  });

  it.each(["correct horse", "pässwört", "a:b", ""])("is taken: %j", (password) => {
    expect(requireUsablePassword(password, "x")).toBe(password);
  });
});

describe("the clients, when a login cannot be sent", () => {
  it.each(["GITHUB_TOKEN", "GH_TOKEN"])("is no request to GitHub made, and %s is not shown", async (name) => {
    const server = await localServer((_, response) => response.end("{}"));
    onTestFinished(() => server.close());
    vi.stubEnv("GITHUB_API_URL", `http://${server.address}`);
    vi.stubEnv("GITHUB_TOKEN", undefined);
    vi.stubEnv(name, "ghp_secret1\nghp_secret2");
    onTestFinished(() => void vi.unstubAllEnvs());
    const error = explainError(await failure(Error, gitHub().request("GET /user")), "asking GitHub");
    expect(error.message).toMatch(/\[CREDENTIALS_REFUSED\]/);
    expect(error.message).not.toMatch(/secret\d/);
    expect(server.seen).toEqual([]);
  });

  it("is the registry's token not shown", async () => {
    const server = await localServer(({ url }, response) => {
      if (url?.startsWith("/token")) {
        response.end(JSON.stringify({ token: "secret1\nsecret2" }));
      } else {
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.address}/token"` }).end();
      }
    });
    onTestFinished(() => server.close());
    await useDockerConfig({});
    const error = explainError(await failure(Error, headManifest(`${server.address}/app`, "1.0.0")), "looking");
    expect(error.message).toContain(
      "token endpoint: its answer has a token with characters that a header cannot contain",
    );
    expect(error.message).not.toMatch(/secret\d/);
  });

  it("is the password of Docker's store not shown", async () => {
    await useDockerConfig({ auths: { "ghcr.io": { auth: Buffer.from("ada:secret1\nsecret2").toString("base64") } } });
    const error = await failure(ReleaseError, readDockerCredentials("ghcr.io"));
    expect(error.message).toMatch(/^reading the login of ghcr\.io failed \[CREDENTIALS_REFUSED\]/);
    expect(error.message).not.toMatch(/secret\d/);
  });

  it.each(["http://ada:secret1@127.0.0.1:1", "secret1 is no address"])(
    "is an address of GitHub refused, and not shown: %s",
    (address) => {
      vi.stubEnv("GITHUB_API_URL", address);
      onTestFinished(() => void vi.unstubAllEnvs());
      expect(() => gitHub()).toThrow("GITHUB_API_URL must be an http or https address without user and password.");
    },
  );
});
