import { z } from "zod";
import { isPresetName } from "../../formats/organization/ruleset-names.ts";
import { Bypass, Enforcement } from "./bypass-actor.ts";

const Patterns = (example: string) =>
  z
    .array(z.string().min(1, { error: "must not be empty" }))
    .min(1, { error: "must have at least one" })
    .meta({ example });

/** Names of repositories, without their organization. */
export const RepositoryNames = z
  .array(z.string().regex(/^[A-Za-z0-9._-]+$/, { error: "must be a repository's name, without its owner" }))
  .min(1, { error: "must have at least one" })
  .meta({ example: '["widgets"]' });

/** What workflows may do, in an organization or in one repository. What is left out is not touched. */
export const Workflows = z
  .strictObject({
    /** What GITHUB_TOKEN may do where a workflow says nothing. */
    permissions: z.enum(["read", "write"], { error: "must be `read` or `write`" }).optional().meta({ example: "read" }),
    /** Whether workflows may approve pull requests. One setting with `permissions`; default false where that is declared. */
    approvePullRequests: z.boolean().optional().meta({ example: "false" }),
    /** Which actions may run. */
    actions: z
      .enum(["all", "local_only", "selected"], { error: "must be `all`, `local_only` or `selected`" })
      .optional()
      .meta({ example: "selected" }),
    /** With `selected`: actions that may run beside GitHub's own. Default none. */
    patterns: z.array(z.string()).optional().meta({ example: '["docker/*"]' }),
    /** With `selected`: whether GitHub's own actions may run. Default true. */
    gitHubOwned: z.boolean().optional().meta({ example: "true" }),
    /** With `selected`: whether actions of verified creators may run. Default false. */
    verified: z.boolean().optional().meta({ example: "false" }),
    /** That actions must be pinned to a full commit id. One setting with `actions`. The GitHub provider cannot switch it off. */
    pinned: z
      .literal(true, { error: "can only be `true`: a person switches it off (Settings → Actions → General)" })
      .optional()
      .meta({ example: "true" }),
  })
  .check(({ value, issues }) => {
    const needs = (key: keyof typeof value, there: boolean, what: string): void => {
      if (value[key] !== undefined && !there) {
        issues.push({ code: "custom", path: [key], input: value, message: `is only allowed with ${what}` });
      }
    };
    needs("approvePullRequests", value.permissions !== undefined, "`permissions`");
    needs("pinned", value.actions !== undefined, "`actions`");
    for (const key of ["patterns", "gitHubOwned", "verified"] as const) {
      needs(key, value.actions === "selected", "`actions: selected`");
    }
  });

/** An environment that jobs of a release run in. */
export const Environment = z.strictObject({
  name: z.string().min(1, { error: "must not be empty" }).meta({ example: "prod" }),
  /** Ids of teams and people of whom one must approve each run. Default none. */
  reviewers: z
    .strictObject({
      teams: z.array(z.number().int()).default([]).meta({ example: "[12]" }),
      users: z.array(z.number().int()).default([]).meta({ example: "[34]" }),
    })
    .default({ teams: [], users: [] })
    .meta({ example: '{"teams": [12]}' }),
  /** Whether who started a run may approve it. Default false. */
  selfReview: z.boolean().default(false).meta({ example: "false" }),
  /** Minutes that a run waits. Default 0. */
  wait: z.number().int().min(0).max(43_200).default(0).meta({ example: "10" }),
  /** Tags that may deploy, as patterns. Default none; with neither tags nor branches every ref may. */
  tags: z.array(z.string()).default([]).meta({ example: '["v*"]' }),
  /** Branches that may deploy, as patterns. Default none. */
  branches: z.array(z.string()).default([]).meta({ example: '["main"]' }),
});

/** Tags that no one may move or delete. */
export const ImmutableTags = z.strictObject({
  /** Patterns of tag names. */
  tags: Patterns('["v*"]'),
  bypass: Bypass,
  enforcement: Enforcement,
});

/** Branches that change by reviewed pull requests only. */
export const ReleaseProtection = z.strictObject({
  /** Patterns of branch names. Default the default branch. */
  branches: Patterns('["~DEFAULT_BRANCH"]').default(["~DEFAULT_BRANCH"]).meta({ example: '["~DEFAULT_BRANCH"]' }),
  /** Approvals that a pull request needs. Default 1. */
  reviews: z.number().int().min(0).max(10).default(1).meta({ example: "1" }),
  /** Names of status checks that must be green. Default none. */
  checks: z.array(z.string()).default([]).meta({ example: '["check"]' }),
  bypass: Bypass,
  enforcement: Enforcement,
});

/** A freeze: branches that only those who bypass it may change. */
export const FreezeSpec = z.strictObject({
  /** Name of its ruleset; two presets of one name would fight over it. Default `release freeze`. */
  name: z
    .string()
    .min(1, { error: "must not be empty" })
    .refine((name) => !isPresetName(name), { error: "is the name of another preset's ruleset" })
    .default("release freeze")
    .meta({ example: "release freeze" }),
  /** Whether it holds. */
  present: z.boolean().meta({ example: "true" }),
  branches: Patterns('["~DEFAULT_BRANCH"]').default(["~DEFAULT_BRANCH"]).meta({ example: '["~DEFAULT_BRANCH"]' }),
  bypass: Bypass,
});

/** Settings of one or more repositories of the organization. What is left out is not touched. */
export const RepositorySettings = z.strictObject({
  /** Names, without the organization. */
  names: RepositoryNames,
  workflows: Workflows.optional().meta({ example: '{"permissions": "read"}' }),
  environments: z.array(Environment).default([]).meta({ example: '[{"name": "prod"}]' }),
  /** Claims that make up the subject of a workflow's OIDC token. */
  oidcSubject: Patterns('["repo", "context", "job_workflow_ref"]')
    .optional()
    .meta({ example: '["repo", "context", "job_workflow_ref"]' }),
  immutableTags: ImmutableTags.optional().meta({ example: '{"tags": ["v*"]}' }),
  releaseProtection: ReleaseProtection.optional().meta({ example: '{"reviews": 1}' }),
  freeze: FreezeSpec.optional().meta({ example: '{"present": true}' }),
  /** Whether Releases that are published from now on are immutable. */
  immutableReleases: z.boolean().optional().meta({ example: "true" }),
});

/** Settings of one or more repositories, with the defaults filled in. */
export type RepositorySettings = z.output<typeof RepositorySettings>;
