import { describe, expect, it } from "vitest";
import type { OrganizationRulesetInputs } from "../../../providers/organization/organization-ruleset.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { actingAs } from "../acting-as.ts";
import { declaredRuleset } from "./declared-organization.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("organization-ruleset");

const settingsOf = ({ organization }: OrganizationRulesetInputs) =>
  world.sandbox.github.settings.organization(organization);
const rulesetsOf = (inputs: OrganizationRulesetInputs) => settingsOf(inputs).rulesets;

const classic = (scopes: string[], role: "admin" | "write" = "admin"): Token => ({
  kind: "classic",
  login: "ada",
  scopes,
  roles: { "*": role },
});
const ofRepositories = { administration: "write" } as const;
const ofOrganizations = { organization_administration: "write" } as const;

describe("organizationRulesetProvider, when GitHub refuses", () => {
  it.each<[string, Token, code: string, reason: RegExp, fix: RegExp]>([
    [
      "an App's token with the permission of repositories alone",
      { kind: "app", login: "robot[bot]", permissions: ofRepositories },
      "DENIED",
      /by integration \(needs organization_administration=write; status 403/,
      /^Set GITHUB_TOKEN to a token with `organization_administration: write`: an App's .* can never have it\.$/,
    ],
    [
      "a fine-grained token that may look and no more",
      { kind: "fine-grained", login: "ada", permissions: { organization_administration: "read" } },
      "DENIED",
      /access token \(needs organization_administration=write;/,
      /`organization_administration: write`/,
    ],
    [
      "a classic token without the scope",
      classic(["repo", "read:org"]),
      "NOT_FOUND",
      /needs the scope admin:org, the token has repo, read:org;/,
      /^Set .* classic token with the scope `admin:org` \(this one has repo, read:org\)\.\n.*owner of the organization/,
    ],
    [
      "a classic token of who is no owner",
      classic(["admin:org"], "write"),
      "NOT_FOUND",
      /^Not Found \(status 404/,
      /owner of the organization/,
    ],
  ])("names what lacks, to look and to write: %s", async (_, token, code, reason, fix) => {
    const inputs = await declaredRuleset(world);
    actingAs(world, token);
    const mark = world.sandbox.journal.mark();
    const errors = [await releaseErrorOf(host.read(inputs)), await releaseErrorOf(host.create(inputs))];
    const told = {
      code,
      reason: expect.stringMatching(reason),
      meaning: expect.stringMatching(/Administration|There is no organization of this name, or/),
      fix: expect.stringMatching(fix),
    };
    const written = world.sandbox.journal.writes(mark).filter(({ status }) => status < 300);
    expect([errors.map(({ parts }) => parts), rulesetsOf(inputs), written]).toMatchObject([[told, told], [], []]);
  });
  it.each<[string, Token]>([
    ["an App's", { kind: "app", login: "robot[bot]", permissions: ofOrganizations }],
    ["a fine-grained", { kind: "fine-grained", login: "ada", permissions: ofOrganizations }],
    ["a classic", classic(["admin:org"])],
  ])("is enough: %s token with exactly that", async (_, token) => {
    const inputs = await declaredRuleset(world);
    actingAs(world, token);
    const { outs } = await host.create(inputs);
    expect((await host.read(outs)).props).toEqual(outs);
  });
  it("names the plan, to look and to write", async () => {
    const inputs = await declaredRuleset(world);
    settingsOf(inputs).plan = "free";
    const errors = [await releaseErrorOf(host.read(inputs)), await releaseErrorOf(host.create(inputs))];
    const told = {
      code: "DENIED",
      reason: expect.stringMatching(/^Upgrade to GitHub Team to enable this feature\./),
      meaning: expect.stringContaining("plan of this organization"),
      fix: expect.stringMatching(/Upgrade the organization's plan, or .* below `repositories`/),
    };
    expect(errors.map(({ parts }) => parts)).toMatchObject([told, told]);
  });
  it("names the limit of 75", async () => {
    const inputs = await declaredRuleset(world);
    await host.create(inputs);
    const rulesets = rulesetsOf(inputs);
    const [first] = rulesets;
    if (first === undefined) {
      throw new Error("no ruleset was made");
    }
    for (let at = 1; at < 75; at++) {
      rulesets.push({ ...first, id: first.id * 1000 + at, name: `of people ${at}` });
    }
    const { parts } = await releaseErrorOf(host.create({ ...inputs, name: "one more" }));
    expect(parts).toMatchObject({
      code: "CONFIGURATION",
      reason: expect.stringContaining("Only 75 rulesets are allowed"),
      meaning: expect.stringContaining("75 rulesets for an organization"),
      fix: expect.stringContaining("organization Settings → Repository → Rulesets"),
    });
  });
  it("finds its own among 75", async () => {
    const inputs = await declaredRuleset(world);
    const { outs } = await host.create(inputs);
    const rulesets = rulesetsOf(inputs);
    const [first] = rulesets;
    if (first === undefined) {
      throw new Error("no ruleset was made");
    }
    for (let at = 1; at < 75; at++) {
      rulesets.unshift({ ...first, id: first.id * 1000 + at, name: `of people ${at}` });
    }
    expect((await host.read(outs)).props).toEqual(outs);
  });
});
