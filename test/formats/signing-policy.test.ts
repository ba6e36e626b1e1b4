import { describe, expect, it } from "vitest";
import { identityPattern, isExpected, SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const released = `https://github.com/${workflow}@refs/tags/v1.0.0`;

/** The pattern for a workflow, read as a regular expression. */
function patternOf(keys: Partial<SigningIdentity> = {}): RegExp {
  return new RegExp(identityPattern(SigningIdentity.parse({ workflow, ...keys })));
}

describe("when an identity is written as a pattern", () => {
  it("is anchored, with everything quoted but the star", () => {
    expect(identityPattern(SigningIdentity.parse({ workflow }))).toBe(
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

describe("when a policy is read", () => {
  it.each([["off"], [{ workflow }]])("takes %j", (policy) => {
    expect(SigningPolicy.safeParse(policy).success).toBe(true);
  });

  it.each([["on"], [undefined], [{}], [{ workflow, more: 1 }]])("refuses %j", (policy) => {
    expect(SigningPolicy.safeParse(policy).success).toBe(false);
  });
});

describe("when a run's signer is compared with who is expected", () => {
  const identity = SigningIdentity.parse({ workflow });
  const signer = { issuer: identity.issuer, workflow: `${workflow}@refs/tags/v1.0.0` };

  it("is taken with that workflow, a ref that fits and that issuer", () => {
    expect(isExpected(identity, signer)).toBe(true);
  });

  it.each([
    ["another ref", { workflow: `${workflow}@refs/heads/main` }],
    ["another workflow", { workflow: signer.workflow.replace("release", "test") }],
    ["another issuer", { issuer: "https://issuer.example" }],
    ["a longer issuer", { issuer: `${identity.issuer}/acme` }],
  ])("is refused with %s", (_, difference) => {
    expect(isExpected(identity, { ...signer, ...difference })).toBe(false);
  });
});
