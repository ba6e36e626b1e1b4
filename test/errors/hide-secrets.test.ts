import { afterEach, describe, expect, it, vi } from "vitest";
import { configurationError } from "../../errors/configuration-error.ts";
import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { hideLogins, hideSecrets } from "../../errors/hide-secrets.ts";

const token = "ghp_0123456789abcdef";

describe("hideSecrets", () => {
  it.each([
    ["a header", `"Bearer ${token}" is an invalid header value`, '"Bearer [GITHUB_TOKEN]" is an invalid header value'],
    ["several times", `${token} ${token}`, "[GITHUB_TOKEN] [GITHUB_TOKEN]"],
    ["a longer secret", `x ${token}9 x`, "x [REGISTRY_PASSWORD] x"],
    ["signs of regular expressions", "is a.b$&(c)* right", "is [APP_COOKIE] right"],
    ["nothing of that", "x is not a function", "x is not a function"],
    ["a short value", "the admin may", "the admin may"],
    ["a harmless variable's value", "flavour-of-the-day", "flavour-of-the-day"],
  ])("has no secret in %s", (_, text, printed) => {
    const environment = {
      GITHUB_TOKEN: token,
      REGISTRY_PASSWORD: `${token}9`,
      APP_COOKIE: "a.b$&(c)*",
      DB_PASS: "admin",
      FLAVOUR: "flavour-of-the-day",
    };
    expect(hideSecrets(text, environment)).toBe(printed);
  });
});

describe("hideLogins", () => {
  it.each([
    ["user and password", "GET http://user:pw@host/v2/x", "GET http://host/v2/x"],
    ["a user alone", "git+ssh://git@host/x.git", "git+ssh://host/x.git"],
    ["a password with a sign for another part", "http://u:p@s:s@host:5000/x", "http://host:5000/x"],
    ["a password with a slash", "cannot parse http://u:p/s@host/x", "cannot parse http://host/x"],
    ["a password of digits", "http://u:123456@host/x", "http://host/x"],
    ["two addresses", "http://a:b@c and HTTPS://d:e@f", "http://c and HTTPS://f"],
    ["a query", "PUT https://uploads.host/r/1/assets?name=x&sig=abc: 500", "PUT https://uploads.host/r/1/assets: 500"],
    ["a query in quotes", '"https://host/x?sig=abc" failed', '"https://host/x" failed'],
  ])("loses %s", (_, text, printed) => {
    expect(hideLogins(text)).toBe(printed);
  });

  it.each([
    "https://github.com/acme/widgets/.github/workflows/release.yml@refs/tags/v1",
    "http://127.0.0.1:5000/acme/app@sha256:0123",
    "ghcr.io/acme/app:1.2.3@sha256:0123",
    "is it https://github.com/acme? It is.",
    "http://host:5000",
    "mail a@b.example, see https://host/x",
  ])("stays as it is: %s", (text) => {
    expect(hideLogins(text)).toBe(text);
  });

  it.each(["a://b:", "a.", "http://", "http://a:"])("stays as it is with %j in it ten thousand times", (part) => {
    const text = part.repeat(10_000);
    expect(hideLogins(text)).toBe(text);
  });
});

describe("the errors, when a text has secrets", () => {
  afterEach(() => vi.unstubAllEnvs());

  const quoting = (text: string): string[] => {
    const refusal = new ServerRefusal({ request: `GET http://user:pw@host/${text}?${text}`, status: 403, words: text });
    const mistake = { path: text, value: text, reason: text, example: text };
    const parts = { code: "DENIED", step: text, reason: text, meaning: text, fix: text, rerun: text } as const;
    return [
      refusal.message,
      refusal.words,
      explainError(refusal, text).message,
      explainError(new TypeError(`Headers.append: "Bearer ${text}" is an invalid header value.`), "x").message,
      explainError(text, "x").message,
      configurationError([mistake]).message,
      JSON.stringify(new ReleaseError(parts).parts),
      new ReleaseError(parts).message,
    ];
  };

  it("has no secret in any of its texts", () => {
    vi.stubEnv("GITHUB_TOKEN", token);
    for (const text of quoting(token)) {
      expect(text).not.toContain(token);
      expect(text).toContain("[GITHUB_TOKEN]");
    }
  });

  it("has no login of an address in any of its texts", () => {
    for (const text of quoting("http://user:pw@host/x")) {
      expect(text).not.toContain("user:pw");
      expect(text).toContain("http://host/x");
    }
  });

  it("keeps the request by which the catalogue knows a refusal, though a secret has the value of its host", () => {
    vi.stubEnv("DOCKER_AUTH_SERVER", "https://ghcr.io");
    const refusal = new ServerRefusal({
      request: "GET https://ghcr.io/v2/acme/app/tags/list",
      status: 401,
      words: "no",
    });
    expect(explainError(refusal, "x").parts.fix).toMatch(/docker login/);
  });
});
