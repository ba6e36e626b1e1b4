import { inspect } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReleaseError } from "../../../errors/release-error.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import type { PlainProperties } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();

const ruleset = {
  name: "immutable tags",
  present: true,
  target: "tag",
  enforcement: "active",
  refs: ["refs/tags/v*"],
  bypass: [],
  rules: [{ type: "update" }],
};
const policy = { organization: "acme", rules: [], exceptions: [], verdict: "as declared" };

beforeAll(async () => {
  const { github } = world.sandbox;
  await github.createRepository("acme/widgets");
  await github.createRepository("acme/secret", { private: true });
  await github.packages.setOwner("ada", { type: "user" });
  await github.packages.seed([{ name: "acme/app" }, { name: "ada/own" }]);
});
afterEach(() => {
  world.sandbox.github.settings.organization("acme").plan = "team";
});

type Ask = (changes?: PlainProperties) => Promise<unknown>;
const setRuleset: Ask = (changes) =>
  engineHost("ruleset").create({ ...ruleset, repository: "acme/widgets", ...changes });
const listPackages: Ask = (changes) => engineHost("packages-policy").create({ ...policy, ...changes });
const holdPackage: Ask = () => engineHost("package-access").create({ organization: "acme", name: "app" });
const makeImmutable: Ask = () => engineHost("immutable-releases").create({ repository: "acme/widgets", enabled: true });
const makeTag: Ask = async () => {
  const { fullName, commits } = await world.repository();
  return engineHost("git-tag").create({ repository: fullName, tag: "v1", commit: commits[0], message: "x" });
};

const classic = (scopes: string[], role: "admin" | "write" = "admin"): Token => ({
  kind: "classic",
  login: "ada",
  scopes,
  roles: { "*": role },
});
const fine: Token = { kind: "fine-grained", login: "ada", permissions: { contents: "read" } };
const app: Token = { kind: "app", login: "robot[bot]", permissions: { packages: "write" } };
const job: Token = {
  kind: "actions",
  repository: "acme/widgets",
  permissions: { contents: "write", packages: "write" },
};

const byClassic = /^Set GITHUB_TOKEN to a classic token with the scope `read:packages`/;
const administration = /^Set GITHUB_TOKEN to a token with `administration: write`: an App's .* can never have it\.$/;

/** What is asked for, with which token, and what the error says: code, reason, meaning, how to fix it. */
const causes: readonly [what: string, token: Token | string | undefined, ask: Ask, code: string, ...told: RegExp[]][] =
  [
    [
      "a ruleset with no token",
      undefined,
      setRuleset,
      "CREDENTIALS_REFUSED",
      /^Requires authentication/,
      /missing/,
      /GITHUB_TOKEN/,
    ],
    [
      "a ruleset with a wrong token",
      "ghp_wrong",
      setRuleset,
      "CREDENTIALS_REFUSED",
      /^Bad credentials/,
      /revoked/,
      /GITHUB_TOKEN/,
    ],
    ["packages with no token", undefined, listPackages, "CREDENTIALS_REFUSED", /^Requires/, /missing/, /GITHUB_TOKEN/],
    [
      "packages with a wrong token",
      "ghp_wrong",
      listPackages,
      "CREDENTIALS_REFUSED",
      /^Bad/,
      /revoked/,
      /GITHUB_TOKEN/,
    ],
    ["packages with an App's token", app, listPackages, "DENIED", /^Invalid argument\./, /no other kind/, byClassic],
    [
      "packages with a workflow's token",
      job,
      listPackages,
      "DENIED",
      /^Invalid argument\./,
      /no other kind/,
      byClassic,
    ],
    ["packages with a fine-grained token", fine, listPackages, "DENIED", /^Resource not/, /no other kind/, byClassic],
    ["one package with a fine-grained token", fine, holdPackage, "DENIED", /^Resource not/, /no other kind/, byClassic],
    [
      "packages without the scope",
      classic(["repo"]),
      listPackages,
      "DENIED",
      /needs the scope read:packages, the token has repo;/,
      /no other kind/,
      byClassic,
    ],
    [
      "packages of nobody",
      classic(["read:packages"]),
      () => listPackages({ organization: "nobody" }),
      "NOT_FOUND",
      /^Not Found .*\/orgs\/nobody\/packages/,
      /no organization of this name/,
      /lockstep:organization/,
    ],
    [
      "packages of a person",
      classic(["read:packages"]),
      () => listPackages({ organization: "ada" }),
      "NOT_FOUND",
      /^Not Found/,
      /A personal account is not an organization/,
      /lockstep:organization/,
    ],
    [
      "a ruleset with a workflow's token",
      job,
      setRuleset,
      "DENIED",
      /by integration \(needs administration=write; status 403/,
      /may not/,
      administration,
    ],
    [
      "a ruleset with an App's token",
      app,
      setRuleset,
      "DENIED",
      /\(needs administration=write;/,
      /may not/,
      administration,
    ],
    [
      "a ruleset with a fine-grained token",
      fine,
      setRuleset,
      "DENIED",
      /access token \(needs administration=write;/,
      /may not/,
      administration,
    ],
    [
      "a ruleset without the scope",
      classic(["gist"]),
      setRuleset,
      "NOT_FOUND",
      /needs the scope repo, the token has gist;/,
      /may not see it/,
      /^Set .* classic token with the scope `repo` \(this one has gist\)\.\n/,
    ],
    [
      "a ruleset without any scope",
      classic([]),
      setRuleset,
      "NOT_FOUND",
      /needs the scope repo, the token has none;/,
      /may not see it/,
      /\(this one has none\)/,
    ],
    [
      "a ruleset by who is no administrator",
      classic(["repo"], "write"),
      setRuleset,
      "DENIED",
      /^Must have admin rights/,
      /the token of an administrator/,
      /of an administrator/,
    ],
    [
      "immutable Releases with a workflow's token",
      job,
      makeImmutable,
      "DENIED",
      /\(needs administration=read;/,
      /may not/,
      /`administration: read`.*can never have it/,
    ],
    [
      "a git tag with a workflow's token that reads",
      { ...job, permissions: { contents: "read" } },
      makeTag,
      "DENIED",
      /\(needs contents=write;/,
      /may not/,
      /^Give the job `permissions: contents: write`;/,
    ],
    [
      "a rule that GitHub does not know",
      classic(["repo"]),
      () => setRuleset({ rules: [{ type: "immutable" }] }),
      "CONFIGURATION",
      /^Invalid request\. Invalid property \/rules\/0: data matches no possible input/,
      /does not know the kind of rule/,
      /\/rules\/0 is the first rule/,
    ],
    [
      "`evaluate` without GitHub Enterprise",
      classic(["repo"]),
      () => setRuleset({ enforcement: "evaluate" }),
      "CONFIGURATION",
      /Enterprise only/,
      /only reports/,
      /`enforcement: active`/,
    ],
  ];

/** What a person is shown of an error. */
const shown = (error: ReleaseError): string => [error.message, String(error), error.stack].join("\n");

describe("the settings' providers, when settings are refused", () => {
  it.each(causes)("says why, and how to mend it: %s", async (_, token, ask, code, reason, meaning, fix) => {
    actingAs(world, token);
    const { parts } = await releaseErrorOf(ask());
    expect(parts).toMatchObject({
      code,
      reason: expect.stringMatching(reason ?? "?"),
      meaning: expect.stringMatching(meaning ?? "?"),
      fix: expect.stringMatching(fix ?? "?"),
    });
  });

  it.each(causes)("keeps the token out of it, and shows no trace: %s", async (_, token, ask) => {
    const secret = actingAs(world, token) ?? "canary";
    const error = await releaseErrorOf(ask());
    const all = shown(error) + inspect(error, { depth: 20 });
    expect([all.includes(secret), /^\s+at /m.test(shown(error))]).toEqual([false, false]);
  });

  it.each(causes)("changes nothing: %s", async (_, token, ask) => {
    actingAs(world, token);
    const mark = world.sandbox.journal.mark();
    await releaseErrorOf(ask());
    expect(world.sandbox.journal.writes(mark).filter(({ status }) => status < 300)).toEqual([]);
  });
});

describe("the settings' providers, when an account has too little", () => {
  it("names the plan, for looks and writes", async () => {
    world.sandbox.github.settings.organization("acme").plan = "free";
    const inputs = { ...ruleset, repository: "acme/secret" };
    const errors = [
      await releaseErrorOf(engineHost("ruleset").create(inputs)),
      await releaseErrorOf(engineHost("ruleset").read(inputs)),
    ];
    const told = {
      code: "DENIED",
      reason: expect.stringMatching(/^Upgrade to GitHub Pro or make this repository public/),
      meaning: expect.stringContaining("plan"),
      fix: expect.stringContaining("Make the repository public, upgrade the plan, or remove"),
    };
    expect(errors.map(({ parts }) => parts)).toMatchObject([told, told]);
  });

  it("names the limit of 75 rulesets", async () => {
    const { fullName } = await world.repository();
    const { rulesets } = world.sandbox.github.settings.repository(fullName);
    await setRuleset({ repository: fullName });
    const [first] = rulesets;
    if (first === undefined) {
      throw new Error("no ruleset was made");
    }
    for (let at = 1; at < 75; at++) {
      rulesets.push({ ...first, id: first.id * 1000 + at, name: `of people ${at}` });
    }
    const { parts } = await releaseErrorOf(setRuleset({ repository: fullName, name: "one more" }));
    expect(parts).toMatchObject({
      code: "CONFIGURATION",
      reason: expect.stringContaining("Only 75 rulesets are allowed"),
      meaning: expect.stringContaining("75 rulesets"),
      fix: expect.stringContaining("Settings → Rules → Rulesets"),
    });
  });
});

describe("the settings' providers, when the token is enough", () => {
  const permissions = { administration: "write" } as const;
  it.each<[string, Token, Ask]>([
    ["a ruleset with an App's token", { ...app, permissions }, setRuleset],
    ["a ruleset with a fine-grained token", { ...fine, permissions }, setRuleset],
    ["a ruleset with a classic token", classic(["repo"]), setRuleset],
    ["immutable Releases with an App's token", { ...app, permissions }, makeImmutable],
    ["packages with a classic token", classic(["read:packages"]), listPackages],
    ["packages with a classic token of a wider scope", classic(["write:packages"]), listPackages],
  ])("is done: %s", async (_, token, ask) => {
    actingAs(world, token);
    await expect(ask()).resolves.toMatchObject({ id: expect.any(String) });
  });
});
