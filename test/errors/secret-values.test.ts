import { describe, expect, it } from "vitest";
import { isSecretName, secretValues } from "../../errors/secret-values.ts";

describe("isSecretName", () => {
  it.each([
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_PAT",
    "PAT",
    "PAT2",
    "gh_pat",
    "DOCKER_AUTH_CONFIG",
    "DOCKER_PASS",
    "DB_PWD",
    "MYSQL_PASSWD",
    "AWS_SESSION",
    "AWS_SECRET_ACCESS_KEY",
    "NPM_AUTH",
    "NPM_CONFIG__AUTH",
    "API_KEY",
    "API_KEY_V2",
    "APIKEY",
    "SIGNING_KEY_PEM",
    "COOKIE",
    "SESSION_COOKIE",
    "JWT",
    "BEARER",
    "TLS_CERT",
    "DSN",
    "SENTRY_DSN",
    "REGISTRY_PASSWORD",
    "COSIGN_PASSPHRASE",
    "GOOGLE_CREDENTIALS",
    "SSH_PRIVATE",
  ])("takes %s for a secret", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "PATH",
    "PATH_PREFIX",
    "PATTERN",
    "AUTHOR",
    "AUTHORITY",
    "COMPASS",
    "PASSAGE",
    "PASSES",
    "CERTAIN",
    "CERTIFIED",
    "SESSIONS",
    "COOKIES_OFF",
    "KEYBOARD",
    "KEY_PREFIX",
    "MONKEY",
    "FORBEARERS",
    "PWD",
    "OLDPWD",
    "GITHUB_SHA",
    "DATABASE_URL",
    "FLAVOUR",
    "",
  ])("takes %j for none", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("secretValues", () => {
  it.each<[string, Record<string, string | undefined>, [string, string][]]>([
    ["a token", { GITHUB_TOKEN: "ghp_12345678" }, [["ghp_12345678", "GITHUB_TOKEN"]]],
    ["a harmless variable", { FLAVOUR: "ghp_12345678" }, []],
    ["a variable without a value", { GITHUB_TOKEN: undefined, GH_TOKEN: "" }, []],
    ["7 characters", { GITHUB_TOKEN: "1234567" }, []],
    ["8 characters", { GITHUB_TOKEN: "12345678" }, [["12345678", "GITHUB_TOKEN"]]],
    ["8 characters with blanks around", { GITHUB_TOKEN: " 12345678\n" }, [["12345678", "GITHUB_TOKEN"]]],
    ["blanks alone", { GITHUB_TOKEN: "             " }, []],
    [
      "two lines",
      { GITHUB_TOKEN: "ghp_first\r\nghp_other" },
      [
        ["ghp_first\r\nghp_other", "GITHUB_TOKEN"],
        ["ghp_first", "GITHUB_TOKEN"],
        ["ghp_other", "GITHUB_TOKEN"],
      ],
    ],
    [
      "one that begins like another",
      { GH_PAT: "ghp_12345678", GH_TOKEN: "ghp_123456789" },
      [
        ["ghp_123456789", "GH_TOKEN"],
        ["ghp_12345678", "GH_PAT"],
      ],
    ],
  ])("finds those of %s", (_, environment, secrets) => {
    expect(secretValues(environment)).toEqual(secrets);
  });
});
