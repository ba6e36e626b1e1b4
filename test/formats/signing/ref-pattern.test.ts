import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesRef, mayMatchPullRequest } from "../../../formats/signing/ref-pattern.ts";

describe("matchesRef", () => {
  it.each([
    ["refs/tags/v1", "refs/tags/v1"],
    ["refs/tags/*", "refs/tags/v1"],
    ["refs/tags/*", "refs/tags/"],
    ["refs/tags/*", "refs/tags/app/v1"],
    ["refs/tags/v*.*", "refs/tags/v1.2"],
    ["refs/tags/v*.*", "refs/tags/v1.2.3"],
    ["refs/*/v1", "refs/tags/v1"],
    ["refs/*a*b*c", "refs/xaxbxc"],
    ["refs/*a*b*c", "refs/abc"],
    ["refs/**", "refs/x"],
    ["refs/*", "refs/tags/a\nb"],
    ["refs/tags/v1.*", "refs/tags/v1.2"],
  ])("%s takes %j", (pattern, ref) => {
    expect(matchesRef(pattern, ref)).toBe(true);
  });

  it.each([
    ["refs/tags/v1", "refs/tags/v10"],
    ["refs/tags/v1", "refs/tags/v"],
    ["refs/tags/v1", "refs/tags/v*"],
    ["refs/tags/*", "refs/heads/main"],
    ["refs/tags/*", "x/refs/tags/v1"],
    ["refs/tags/v1.*", "refs/tags/v1-2"],
    ["refs/tags/V*", "refs/tags/v1"],
    ["refs/*/v1", "refs/tags/v1.1"],
    ["refs/tags/a*a", "refs/tags/a"],
    ["refs/*ab*b", "refs/ab"],
    ["refs/*b*a*", "refs/ab"],
    ["refs/tags/*", "refs/tags/v1@refs/tags/v2"],
    ["refs/tags/*", "refs/tags/@"],
  ])("%s does not take %j", (pattern, ref) => {
    expect(matchesRef(pattern, ref)).toBe(false);
  });

  it("agrees with a regular expression", () => {
    const text = (letters: string): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text("ab/.*"), text("ab/.@"), (pattern, ref) => {
        const quoted = pattern.replaceAll(".", "\\.").replaceAll("*", "[^@]*");
        expect(matchesRef(pattern, ref)).toBe(new RegExp(`^${quoted}$`).test(ref));
      }),
      { seed: 10, numRuns: 20_000 },
    );
  });

  it("ends with a pattern and a ref that would keep a regular expression busy for ever", () => {
    expect(matchesRef(`refs/${"*a".repeat(1000)}`, `refs/${"a".repeat(100_000)}b`)).toBe(false);
  });
});

describe("mayMatchPullRequest", () => {
  it.each([
    ["refs/*", true],
    ["refs/**", true],
    ["refs/p*", true],
    ["refs/pull/*", true],
    ["refs/pull/*/merge", true],
    ["refs/pull/7/merge", true],
    ["refs/pull/7/head", true],
    ["refs/*/merge", true],
    ["refs/*/1/merge", true],
    ["refs/pull*e", true],
    ["refs/tags/*", false],
    ["refs/heads/*", false],
    ["refs/heads/main", false],
    ["refs/*/v1", false],
    ["refs/*/main", false],
    ["refs/pull/7", false],
    ["refs/pullers/*", false],
    ["refs/tags/pull/*/merge", false],
  ])("%s: %s", (pattern, may) => {
    expect(mayMatchPullRequest(pattern)).toBe(may);
  });

  it("never says no of a pattern that takes one", () => {
    const part = fc.constantFrom("refs/", "pull/", "1", "/", "merge", "head", "*", "r", "e", "tags/");
    const pattern = fc.array(part, { maxLength: 6 }).map((all) => all.join(""));
    fc.assert(
      fc.property(pattern, fc.constantFrom("refs/pull/1/merge", "refs/pull/11/head"), (one, ref) => {
        expect(mayMatchPullRequest(one)).toSatisfy((may) => may || !matchesRef(one, ref));
      }),
      { seed: 10, numRuns: 20_000 },
    );
  });
});
