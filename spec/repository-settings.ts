import { z } from "zod";
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

const workflowKeys = {
  /** What GITHUB_TOKEN may do where a workflow says nothing. */
  permissions: z.enum(["read", "write"], { error: "must be `read` or `write`" }),
  /** Whether workflows may approve pull requests. */
  approvePullRequests: z.boolean(),
  /** Which actions may run. */
  actions: z.enum(["all", "local_only", "selected"], { error: "must be `all`, `local_only` or `selected`" }),
  /** With `selected`: actions that may run beside GitHub's own. */
  patterns: z.array(z.string()),
  /** With `selected`: whether GitHub's own actions may run. */
  gitHubOwned: z.boolean(),
  /** With `selected`: whether actions of verified creators may run. */
  verified: z.boolean(),
  /** Whether actions must be pinned to a full commit id. */
  pinned: z.boolean(),
};

/** What workflows may do in an organization. What is left out allows least, but all actions may run. */
export const Workflows = z.strictObject({
  permissions: workflowKeys.permissions.default("read").meta({ example: "read" }),
  approvePullRequests: workflowKeys.approvePullRequests.default(false).meta({ example: "false" }),
  actions: workflowKeys.actions.default("all").meta({ example: "selected" }),
  patterns: workflowKeys.patterns.default([]).meta({ example: '["docker/*"]' }),
  gitHubOwned: workflowKeys.gitHubOwned.default(true).meta({ example: "true" }),
  verified: workflowKeys.verified.default(false).meta({ example: "false" }),
  pinned: workflowKeys.pinned.default(true).meta({ example: "true" }),
});

/** What workflows may do, with nothing left out. */
export type Workflows = z.output<typeof Workflows>;

/** What workflows may do in a repository. What is left out is as in the organization. */
export const RepositoryWorkflows = z.strictObject({
  permissions: workflowKeys.permissions.optional().meta({ example: "read" }),
  approvePullRequests: workflowKeys.approvePullRequests.optional().meta({ example: "false" }),
  actions: workflowKeys.actions.optional().meta({ example: "selected" }),
  patterns: workflowKeys.patterns.optional().meta({ example: '["docker/*"]' }),
  gitHubOwned: workflowKeys.gitHubOwned.optional().meta({ example: "true" }),
  verified: workflowKeys.verified.optional().meta({ example: "false" }),
  pinned: workflowKeys.pinned.optional().meta({ example: "true" }),
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

/** Tags that nobody moves or deletes. */
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

/** A freeze: branches that nobody but those who bypass it may change. */
export const FreezeSpec = z.strictObject({
  /** Name of its ruleset. Default `release freeze`. */
  name: z.string().min(1, { error: "must not be empty" }).default("release freeze").meta({ example: "release freeze" }),
  /** Whether it holds. */
  present: z.boolean().meta({ example: "true" }),
  branches: Patterns('["~DEFAULT_BRANCH"]').default(["~DEFAULT_BRANCH"]).meta({ example: '["~DEFAULT_BRANCH"]' }),
  bypass: Bypass,
});

/** Settings of one or more repositories of the organization. What is left out is not touched. */
export const RepositorySettings = z.strictObject({
  /** Names, without the organization. */
  names: RepositoryNames,
  workflows: RepositoryWorkflows.optional().meta({ example: '{"permissions": "read"}' }),
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

/** Settings of one or more repositories, with the defaults and the organization's choices filled in. */
export type RepositorySettings = Omit<z.output<typeof RepositorySettings>, "workflows"> & {
  workflows?: Workflows | undefined;
};
