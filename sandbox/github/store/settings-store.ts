import { readFile } from "node:fs/promises";
import { writeWhole } from "../../host/folder.ts";

/** Who may bypass a ruleset, in GitHub's own fields. */
export interface BypassActor {
  /** Null for deploy keys. Of `RepositoryRole`: 2 maintain, 4 write, 5 admin. Of `User` and `Integration`: its id. */
  actor_id?: number | null;
  actor_type: "Integration" | "OrganizationAdmin" | "RepositoryRole" | "Team" | "DeployKey" | "User";
  /** Default `always`. */
  bypass_mode?: "always" | "pull_request" | "exempt";
}

/** Patterns of names: exclusion wins. */
export interface NamePatterns {
  include?: readonly string[];
  exclude?: readonly string[];
}

/** What a ruleset applies to, in GitHub's own fields; an organization's also names repositories. */
export interface RulesetConditions {
  ref_name?: NamePatterns;
  repository_name?: NamePatterns;
  repository_id?: { repository_ids?: readonly number[] };
  repository_property?: object;
}

/** A ruleset of a repository or an organization. */
export interface RulesetRecord {
  id: number;
  name: string;
  target: "branch" | "tag" | "push" | "repository";
  enforcement: "disabled" | "active" | "evaluate";
  bypassActors: readonly BypassActor[];
  conditions: RulesetConditions | null;
  rules: readonly { type: string; parameters?: object }[];
  createdAt: string;
  updatedAt: string;
}

/** Which actions workflows may use. */
export interface ActionsPolicy {
  allowedActions: "all" | "local_only" | "selected";
  shaPinningRequired: boolean;
  /** Kept even while `allowedActions` has another value. */
  selected: { githubOwned: boolean; verified: boolean; patterns: readonly string[] };
}

/** What GITHUB_TOKEN may do unless a workflow says otherwise. */
export interface WorkflowDefaults {
  permissions: "read" | "write";
  canApprove: boolean;
}

/** The template for the subject of a workflow's identity tokens. */
export interface SubjectTemplate {
  claims: readonly string[];
  immutable: boolean;
}

/** A deployment environment. */
export interface EnvironmentRecord {
  id: number;
  name: string;
  waitTimer: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: readonly { type: "User" | "Team"; id: number }[];
  /** Null: any branch or tag may deploy. */
  branchPolicy: { protected: boolean; custom: boolean } | null;
  patterns: { id: number; name: string; type: "branch" | "tag" }[];
  createdAt: string;
  updatedAt: string;
}

/** All settings of one repository. */
export interface RepositorySettings {
  rulesets: RulesetRecord[];
  actions: ActionsPolicy & { enabled: boolean };
  workflow: WorkflowDefaults;
  /** Who else may use its workflows; only private repositories have it. */
  access: "none" | "user" | "organization";
  /** Undefined: GitHub's default subject. */
  subject?: SubjectTemplate;
  environments: EnvironmentRecord[];
  immutableReleases: boolean;
  /** Tags of deleted immutable releases, which can never be used again. */
  burntTags: string[];
}

/** All settings of one organization. */
export interface OrganizationSettings {
  /** Its plan: `free` has no rulesets in private repositories, only `enterprise` has `evaluate`. */
  plan: "free" | "team" | "enterprise";
  rulesets: RulesetRecord[];
  actions: ActionsPolicy & { enabledRepositories: "all" | "none" | "selected"; selectedRepositories: number[] };
  workflow: WorkflowDefaults;
  subject: SubjectTemplate;
  immutableReleases: { enforced: "all" | "none" | "selected"; selectedRepositories: number[] };
}

/** Settings of repositories and organizations. Settings that were never changed have GitHub's defaults. */
export interface Settings {
  /** By `owner/name`, in any case. Changes are permanent once `save` was called. */
  repository(fullName: string): RepositorySettings;
  organization(login: string): OrganizationSettings;
  save(): Promise<void>;
}

/** Settings as they are written down, by names in lower case. */
interface KeptSettings {
  repositories: Record<string, RepositorySettings>;
  organizations: Record<string, OrganizationSettings>;
}

/** Opens the settings in `file` (absolute). */
export async function openSettings(file: string): Promise<Settings> {
  const kept = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as KeptSettings,
    () => undefined,
  );
  let saving: Promise<void> = Promise.resolve();
  return makeSettings(kept, (all) => {
    const text = `${JSON.stringify(all, undefined, 2)}\n`;
    const saved = saving.then(() => writeWhole(file, text));
    saving = saved.catch(() => undefined);
    return saved;
  });
}

/**
 * Makes settings in memory.
 * @param kept those to begin with; default none
 * @param save writes all of them down; by default nothing does
 */
export function makeSettings(
  kept: KeptSettings = { repositories: {}, organizations: {} },
  save: (all: KeptSettings) => Promise<void> = async () => undefined,
): Settings {
  const repositories = new Map(Object.entries(kept.repositories));
  const organizations = new Map(Object.entries(kept.organizations));
  return {
    repository: (fullName) => found(repositories, fullName, newRepository),
    organization: (login) => found(organizations, login, newOrganization),
    save: () =>
      save({ repositories: Object.fromEntries(repositories), organizations: Object.fromEntries(organizations) }),
  };
}

function found<T>(all: Map<string, T>, name: string, make: () => T): T {
  const key = name.toLowerCase();
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

const newPolicy = {
  allowedActions: "all",
  shaPinningRequired: false,
  selected: { githubOwned: false, verified: false, patterns: [] },
} as const;

/** Read-only since 2023-02-02 (https://github.blog/changelog/2023-02-02-github-actions-updating-the-default-github_token-permissions-to-read-only/). */
const newWorkflow = { permissions: "read", canApprove: false } as const;

function newRepository(): RepositorySettings {
  return {
    rulesets: [],
    actions: { ...newPolicy, enabled: true },
    workflow: { ...newWorkflow },
    access: "none",
    environments: [],
    immutableReleases: false,
    burntTags: [],
  };
}

function newOrganization(): OrganizationSettings {
  return {
    plan: "team",
    rulesets: [],
    actions: { ...newPolicy, enabledRepositories: "all", selectedRepositories: [] },
    workflow: { ...newWorkflow },
    subject: { claims: ["repo", "context"], immutable: false },
    immutableReleases: { enforced: "none", selectedRepositories: [] },
  };
}
