import { describe, expect, it } from "vitest";
import { readSpec } from "../../config/release/read-spec.ts";
import { secrecyOf } from "../../config/secret-variable.ts";
import { shortConfig, told } from "./valid-config.ts";

const canary = "canary-0123456789";

/** What `${NAME}` in a build argument makes of the environment. */
function read(name: string, environment: Record<string, string>): { mistakes: string[]; taken: string | undefined } {
  const image = { repository: "ghcr.io/acme/app", buildArgs: { VALUE: `\${${name}}` } };
  const config = { ...shortConfig, "lockstep:image": JSON.stringify(image) };
  const result = readSpec(config, environment);
  const [artifact] = result.spec?.units[0]?.artifacts ?? [];
  const { VALUE: taken } = artifact?.kind === "image" ? artifact.written.buildArgs : {};
  return { mistakes: told(result), taken };
}

describe("secrecyOf", () => {
  it.each([
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "NPM_SECRET",
    "DB_PASSWORD",
    "COSIGN_PRIVATE_KEY",
    "API_KEY",
    "GOOGLE_CREDENTIALS",
    "GH_PAT",
    "PAT",
    "DOCKER_AUTH_CONFIG",
    "DOCKER_PASS",
    "MYSQL_PWD",
    "AWS_SESSION",
    "SESSION",
    "NPM_AUTH",
    "AUTH",
    "API_KEY_V2",
    "COOKIE",
    "SESSION_COOKIE",
    "JWT",
    "BEARER",
    "CLIENT_CERT",
    "DSN",
    "SENTRY_DSN",
  ])("is refused by its name: %s", (name) => {
    expect(read(name, { [name]: canary })).toEqual({
      mistakes: [`image.buildArgs.VALUE: ${name} looks like a secret, and configuration is stored in plain`],
      taken: undefined,
    });
  });

  it.each([
    ["ghp_0123456789", "looks like a token"],
    ["gho_0123456789", "looks like a token"],
    ["ghu_0123456789", "looks like a token"],
    ["ghs_0123456789", "looks like a token"],
    ["ghr_0123456789", "looks like a token"],
    ["github_pat_0123456789", "looks like a token"],
    ["eyJhbGciOiJSUzI1NiJ9.e30.x", "looks like a token"],
    ["Bearer eyJhbGciOiJSUzI1NiJ9.e30.x", "looks like a token"],
    ["AKIAIOSFODNN7EXAMPLE", "looks like a token"],
    ["//npm.example/:_auth=ghp_0123456789", "looks like a token"],
    ["-----BEGIN RSA PRIVATE KEY-----\nx", "looks like a token"],
    ["-----BEGIN PRIVATE KEY-----\nx", "looks like a token"],
    ["postgres://ada:pw@host/db", "has a password in it"],
    ["redis://:pw@host", "has a password in it"],
  ])("is refused by its value: %j", (value, reason) => {
    const { mistakes, taken } = read("DATABASE_URL", { DATABASE_URL: value });
    expect({ mistakes, taken }).toEqual({
      mistakes: [`image.buildArgs.VALUE: the value of DATABASE_URL ${reason}, and configuration is stored in plain`],
      taken: undefined,
    });
  });

  it("is refused if a secret variable has the same value", () => {
    const { mistakes } = read("FLAVOUR", { FLAVOUR: canary, GH_PAT: canary });
    expect(mistakes).toEqual([
      "image.buildArgs.VALUE: FLAVOUR has the value of GH_PAT, which looks like a secret, and configuration is stored in plain",
    ]);
    expect(mistakes.join()).not.toContain(canary);
  });

  it.each([
    "PATH_PREFIX",
    "PATTERN",
    "AUTHOR",
    "AUTHORS",
    "COMPASS",
    "PASSAGE",
    "CERTAIN",
    "SESSIONS",
    "KEYBOARD",
    "VERSION",
    "DATABASE_URL",
  ])("is taken by its name: %s", (name) => {
    expect(read(name, { [name]: "harmless value" })).toEqual({ mistakes: [], taken: "harmless value" });
  });

  it.each([
    ["a short value of a secret variable too", "small", { GH_PAT: "small" }],
    ["an address without a password", "ssh://git@github.com/acme/app.git", {}],
    ["an address with a port", "http://127.0.0.1:5000/acme/app@sha256:0", {}],
    ["a word with the beginning of a token in it", "monkeyJungle", {}],
    ["the beginning of a token alone", "ghp_", {}],
    ["a certificate, which is no secret", "-----BEGIN CERTIFICATE-----", {}],
    ["part of a secret", "canary", { GH_PAT: canary }],
  ])("is taken by its value: %s", (_, value, others) => {
    expect(read("FLAVOUR", { FLAVOUR: value, ...others })).toEqual({ mistakes: [], taken: value });
  });

  it("that is not set is looked at by its name alone", () => {
    expect(secrecyOf("GH_PAT", undefined, {})).toBe("GH_PAT looks like a secret");
    expect(secrecyOf("FLAVOUR", undefined, {})).toBeUndefined();
  });
});
