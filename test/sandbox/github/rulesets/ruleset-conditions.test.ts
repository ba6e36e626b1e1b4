import { describe, expect, it } from "vitest";
import { targets, targetsRepository } from "../../../../sandbox/github/rulesets/ruleset-conditions.ts";
import type { RulesetConditions, RulesetRecord } from "../../../../sandbox/github/store/settings-store.ts";
import type { RepositoryRecord } from "../../../../sandbox/github/store/store.ts";

const record = { id: 7, owner: "acme", name: "widgets", defaultBranch: "main" } as RepositoryRecord;

function ruleset(target: RulesetRecord["target"], conditions: RulesetConditions | null): RulesetRecord {
  const none = { bypassActors: [], rules: [], createdAt: "", updatedAt: "" };
  return { id: 1, name: "r", enforcement: "active", target, conditions, ...none };
}

describe("targets", () => {
  it.each<[string, RulesetRecord["target"], string[], string[], boolean]>([
    ["refs/tags/v1.0.0", "tag", ["~ALL"], [], true],
    ["refs/heads/main", "tag", ["~ALL"], [], false],
    ["refs/tags/v1.0.0", "branch", ["~ALL"], [], false],
    ["refs/tags/v1.0.0", "push", ["~ALL"], [], false],
    ["refs/notes/x", "tag", ["~ALL"], [], false],
    ["refs/heads/main", "branch", ["~DEFAULT_BRANCH"], [], true],
    ["refs/heads/next", "branch", ["~DEFAULT_BRANCH"], [], false],
    ["refs/tags/v1.0.0", "tag", ["refs/tags/v*"], [], true],
    ["refs/tags/w1.0.0", "tag", ["refs/tags/v*"], [], false],
    ["refs/tags/app/v1", "tag", ["refs/tags/*"], [], false],
    ["refs/tags/app/v1", "tag", ["refs/tags/**"], [], false],
    ["refs/tags/app/v1", "tag", ["refs/tags/**/*"], [], true],
    ["refs/tags/v1", "tag", ["refs/tags/**/*"], [], true],
    ["refs/tags/v1", "tag", ["refs/tags/v[0-9]"], [], true],
    ["refs/tags/v1", "tag", ["refs/tags/v?"], [], true],
    ["refs/tags/v1", "tag", ["refs/tags/{v1,v2}"], [], false],
    ["refs/tags/v1-rc", "tag", ["refs/tags/v*"], ["refs/tags/*-rc"], false],
    ["refs/tags/v1", "tag", [], [], false],
  ])("%s, target %s, include %j, exclude %j: %s", (reference, target, include, exclude, expected) => {
    expect(targets(ruleset(target, { ref_name: { include, exclude } }), record, reference)).toBe(expected);
  });

  it("is about nothing without conditions", () => {
    expect(targets(ruleset("tag", null), record, "refs/tags/v1")).toBe(false);
  });
});

describe("targetsRepository", () => {
  it.each<[RulesetConditions | null, boolean]>([
    [{ repository_name: { include: ["~ALL"] } }, true],
    [{ repository_name: { include: ["wid*"], exclude: [] } }, true],
    [{ repository_name: { include: ["~ALL"], exclude: ["widgets"] } }, false],
    [{ repository_name: { include: ["gadgets"] } }, false],
    [{ repository_id: { repository_ids: [7] } }, true],
    [{ repository_id: { repository_ids: [8] } }, false],
    [{ repository_property: { include: [{ name: "tier", property_values: ["1"] }] } }, false],
    [null, false],
  ])("%j: %s", (conditions, expected) => {
    expect(targetsRepository(ruleset("tag", conditions), record)).toBe(expected);
  });
});
