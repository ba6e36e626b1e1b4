import { z } from "zod";

/** The part of a ref that is read: the tag or commit that it names. */
const GitObject = z.object({ type: z.string(), sha: z.string().regex(/^[0-9a-f]{40,64}$/) });
const Asset = z.object({
  id: z.number().int(),
  name: z.string(),
  state: z.string(),
  size: z.number().int().min(0),
  digest: z.string().nullish(),
  // Required: an unfinished upload without a time would count as old, and be replaced while another run works on it.
  updated_at: z.string(),
});
const Release = z.object({
  id: z.number().int(),
  tag_name: z.string(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  immutable: z.boolean().nullish(),
  html_url: z.string(),
  upload_url: z.string(),
  author: z.object({ login: z.string() }),
  assets: z.array(Asset),
});
const Account = z.object({ login: z.string(), type: z.string() });
const Repository = z.object({
  id: z.number().int(),
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  visibility: z.string().optional(),
  owner: Account,
});
const Package = z.object({
  id: z.number().int(),
  name: z.string(),
  visibility: z.string(),
  version_count: z.number().int().min(0),
  repository: z.object({ full_name: z.string() }).nullish(),
});
const PackageVersion = z.object({
  id: z.number().int(),
  name: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  // Required: a version without tags may be deleted, so a missing list must not count as empty.
  metadata: z.object({ container: z.object({ tags: z.array(z.string()) }) }),
});
const ListedRuleset = z.object({ id: z.number().int(), name: z.string(), source_type: z.string().optional() });
const Ruleset = ListedRuleset.extend({
  target: z.string().optional(),
  enforcement: z.string(),
  bypass_actors: z
    .array(
      z.object({ actor_id: z.number().int().nullish(), actor_type: z.string(), bypass_mode: z.string().optional() }),
    )
    .nullish(),
  conditions: z
    .object({
      ref_name: z
        .object({ include: z.array(z.string()).optional(), exclude: z.array(z.string()).optional() })
        .optional(),
    })
    .nullish(),
  rules: z.array(z.object({ type: z.string() })).optional(),
});
const Attestation = z.object({ bundle: z.unknown(), bundle_url: z.string().nullish() });
const PullRequest = z.object({
  number: z.number().int().positive(),
  body: z.string().nullable(),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  base: z.object({
    ref: z.string().max(255),
    repo: z.object({ full_name: z.string(), default_branch: z.string() }),
  }),
});
const anything = z.unknown();

/** A route is `METHOD /path`, with `{}` for each part that differs. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  "GET /repos/{}/{}": Repository,
  "GET /repos/{}/{}/releases": z.array(Release),
  "POST /repos/{}/{}/releases": Release,
  "GET /repos/{}/{}/releases/latest": Release,
  "GET /repos/{}/{}/releases/tags/{}": Release,
  "GET /repos/{}/{}/releases/{}": Release,
  "PATCH /repos/{}/{}/releases/{}": Release,
  "DELETE /repos/{}/{}/releases/{}": anything,
  "GET /repos/{}/{}/releases/{}/assets": z.array(Asset),
  "POST /repos/{}/{}/releases/{}/assets": Asset,
  "DELETE /repos/{}/{}/releases/assets/{}": anything,
  "GET /repos/{}/{}/git/ref/{}": z.object({ ref: z.string(), object: GitObject }),
  "GET /repos/{}/{}/tags": z.array(z.object({ name: z.string(), commit: z.object({ sha: GitObject.shape.sha }) })),
  "GET /repos/{}/{}/git/tags/{}": z.object({ tag: z.string(), object: GitObject }),
  "GET /repos/{}/{}/git/commits/{}": z.object({ sha: z.string() }),
  "GET /repos/{}/{}/compare/{}": z.object({
    status: z.string(),
    base_commit: z.object({
      sha: z.string(),
      commit: z.object({ committer: z.object({ date: z.string().optional() }).nullish() }),
    }),
  }),
  "GET /repos/{}/{}/commits/{}/pulls": z.array(PullRequest),
  "POST /repos/{}/{}/git/tags": z.object({ sha: z.string() }),
  "POST /repos/{}/{}/git/refs": z.object({ ref: z.string(), object: GitObject }),
  "GET /repos/{}/{}/attestations/{}": z.object({ attestations: z.array(Attestation) }),
  "POST /repos/{}/{}/attestations": z.object({ id: z.number().int().optional() }),
  "GET /repos/{}/{}/immutable-releases": z.object({ enabled: z.boolean(), enforced_by_owner: z.boolean() }),
  "PUT /repos/{}/{}/immutable-releases": anything,
  "DELETE /repos/{}/{}/immutable-releases": anything,
  "GET /repos/{}/{}/rulesets": z.array(ListedRuleset),
  "POST /repos/{}/{}/rulesets": ListedRuleset,
  "GET /repos/{}/{}/rulesets/{}": Ruleset,
  "PUT /repos/{}/{}/rulesets/{}": ListedRuleset,
  "DELETE /repos/{}/{}/rulesets/{}": anything,
  "GET /orgs/{}": z.object({ login: z.string() }),
  "GET /orgs/{}/repos": z.array(z.object({ id: z.number().int(), name: z.string() })),
  "GET /orgs/{}/rulesets": z.array(ListedRuleset),
  "POST /orgs/{}/rulesets": ListedRuleset,
  "GET /orgs/{}/rulesets/{}": Ruleset,
  "PUT /orgs/{}/rulesets/{}": ListedRuleset,
  "DELETE /orgs/{}/rulesets/{}": anything,
  "GET /orgs/{}/settings/immutable-releases": z.object({ enforced_repositories: z.enum(["all", "none", "selected"]) }),
  "PUT /orgs/{}/settings/immutable-releases": anything,
  "GET /orgs/{}/settings/immutable-releases/repositories": z.object({
    repositories: z.array(z.object({ id: z.number().int(), name: z.string() })),
  }),
  "GET /user/memberships/orgs/{}": z.object({
    role: z.string(),
    state: z.string(),
    user: z.object({ login: z.string() }).nullish(),
  }),
  "GET /users/{}": Account,
  "GET /{}/{}/packages": z.array(Package),
  "GET /{}/{}/packages/container/{}": Package,
  "GET /{}/{}/packages/container/{}/versions": z.array(PackageVersion),
  "GET /{}/{}/packages/container/{}/versions/{}": PackageVersion,
  "DELETE /{}/{}/packages/container/{}/versions/{}": anything,
};

const table = Object.entries(schemas).map(([route, schema]) => {
  const path = route.replaceAll("{}", "[^/]+").replaceAll(".", "\\.");
  return { route, schema, pattern: new RegExp(`^${path}$`) };
});

/** Every route in use, `METHOD /path` with `{}` for each part that differs. */
export const gitHubRoutes: readonly string[] = Object.keys(schemas);

/**
 * Describes what is wrong with an answer of GitHub's API. It checks only the parts that are read and ignores everything else.
 * Source: github.com/github/rest-api-description.
 * @param path below the API's address. GitHub's links to other pages name repositories and organizations by id; both forms are accepted
 * @param data the parsed body
 * @returns undefined if it matches the route
 * @throws Error for a route that is not in the table: its answer would be used unchecked
 */
export function describeAnswerMistake(method: string, path: string, data: unknown): string | undefined {
  const named = path
    .replace(/^\/repositories\/\d+(?=\/|$)/, "/repos/-/-")
    .replace(/^\/organizations\/\d+(?=\/|$)/, "/orgs/-")
    .replace(/^\/user\/\d+(?=\/|$)/, "/users/-");
  const row = table.find(({ pattern }) => pattern.test(`${method} ${named}`));
  if (row === undefined) {
    throw new Error(`${method} ${path} has no schema for its answer`);
  }
  const { error } = row.schema.safeParse(data);
  const [issue] = error?.issues ?? [];
  return issue && `${issue.path.length > 0 ? z.core.toDotPath(issue.path) : "the whole"}: ${issue.message}`;
}
