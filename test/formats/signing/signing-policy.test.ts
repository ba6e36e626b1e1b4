import { describe, expect, it } from "vitest";
import {
  writeIdentityPattern,
  shortIdentity,
  SigningIdentity,
  SigningPolicy,
} from "../../../formats/signing/signing-policy.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const released = `https://github.com/${workflow}@refs/tags/v1.0.0`;

/** The pattern for a workflow, read as a regular expression. */
function patternOf(keys: Partial<SigningIdentity> = {}): RegExp {
  return new RegExp(writeIdentityPattern(SigningIdentity.parse({ workflow, ...keys })));
}

describe("identityPattern", () => {
  it("is anchored, with everything quoted but the star", () => {
    expect(writeIdentityPattern(SigningIdentity.parse({ workflow }))).toBe(
      "^https://github\\.com/acme/widgets/\\.github/workflows/release\\.yml@refs/tags/[^@]*$",
    );
  });

  it.each<[Partial<SigningIdentity>, string]>([
    [{}, released],
    [{}, `https://github.com/${workflow}@refs/tags/app/v1.0.0-rc.1+x`],
    [{ refs: "refs/tags/v*" }, released],
    [{ refs: "refs/tags/v1.0.0" }, released],
    [{ refs: "refs/heads/main" }, `https://github.com/${workflow}@refs/heads/main`],
    [{ refs: "refs/*" }, `https://github.com/${workflow}@refs/heads/main`],
    [{ refs: "refs/*/v*.0" }, released],
  ])("%j matches %s", (keys, name) => {
    expect(name).toMatch(patternOf(keys));
  });

  it.each<[Partial<SigningIdentity>, string, string]>([
    [{}, "another workflow", "https://github.com/acme/widgets/.github/workflows/test.yml@refs/tags/v1.0.0"],
    [{}, "another repository", "https://github.com/acme/gadgets/.github/workflows/release.yml@refs/tags/v1.0.0"],
    [{}, "another owner", "https://github.com/evil/widgets/.github/workflows/release.yml@refs/tags/v1.0.0"],
    [{}, "a branch", `https://github.com/${workflow}@refs/heads/main`],
    [{}, "a pull request", `https://github.com/${workflow}@refs/pull/1/merge`],
    [{}, "a longer prefix", `https://evil.example/${released}`],
    [{}, "a prefix on a line of its own", `x\n${released}`],
    [{}, "a longer suffix", `${released}@refs/heads/main`],
    [{}, "another host", released.replace("github.com", "github.com.evil.example")],
    [{}, "any character in place of a dot", released.replace("github.com", "githubXcom")],
    [{}, "any character in place of the workflow's dot", released.replace("release.yml", "releaseXyml")],
    [{}, "plain http", released.replace("https:", "http:")],
    [{}, "no ref", `https://github.com/${workflow}`],
    [{}, "a ref that hides another one", `https://github.com/${workflow}@refs/heads/x@refs/tags/v1.0.0`],
    [{ refs: "refs/tags/v1.*" }, "any character in place of the ref's dot", released.replace("v1.0.0", "v1x0")],
    [{ refs: "refs/tags/v1.0.0" }, "a longer ref", `${released}-rc.1`],
  ])("%j does not match %s", (keys, _, name) => {
    expect(name).not.toMatch(patternOf(keys));
  });
});

describe("SigningPolicy", () => {
  it.each([["off"], [{ workflow }]])("takes %j", (policy) => {
    expect(SigningPolicy.safeParse(policy).success).toBe(true);
  });

  it.each([["on"], [undefined], [{}], [{ workflow, more: 1 }]])("refuses %j", (policy) => {
    expect(SigningPolicy.safeParse(policy).success).toBe(false);
  });
});

describe("SigningIdentity", () => {
  const recorded = { issuer: "https://token.actions.githubusercontent.com", workflow, refs: "refs/tags/*" };
  const usual = ["push", "workflow_dispatch", "workflow_run", "schedule"];

  it.each<[string, Partial<SigningIdentity>, Partial<SigningIdentity>]>([
    ["as it always was", {}, {}],
    ["without the workflow's own repository", { repository: "acme/widgets" }, {}],
    ["without it in other letters", { repository: "Acme/Widgets" }, {}],
    ["with another repository", { repository: "acme/gadgets" }, { repository: "acme/gadgets" }],
    ["without the usual events, in any order", { triggers: usual.toReversed() }, {}],
    ["with fewer events", { triggers: ["push"] }, { triggers: ["push"] }],
    ["with more events", { triggers: [...usual, "release"] }, { triggers: [...usual, "release"].toSorted() }],
    ["with one event twice", { triggers: ["push", "push", "push", "push"] }, { triggers: Array(4).fill("push") }],
    ["with numbers", { repositoryId: "1", ownerId: "2" }, { repositoryId: "1", ownerId: "2" }],
  ])("stands there %s", (_what, keys, more) => {
    expect(shortIdentity(SigningIdentity.parse({ workflow, ...keys }))).toEqual({ ...recorded, ...more });
  });
});

describe("SigningPolicy, when refs are given", () => {
  it.each(["refs/tags/*", "refs/heads/main", "0123456789abcdef0123456789abcdef01234567"])("takes %s", (refs) => {
    expect(SigningIdentity.safeParse({ workflow, refs }).success).toBe(true);
  });

  it.each(["main", "0123456", "refs/tags/v1.0.0; rm", `refs/tags/${"*".repeat(300)}`])("refuses %s", (refs) => {
    expect(SigningIdentity.safeParse({ workflow, refs }).success).toBe(false);
  });
});
