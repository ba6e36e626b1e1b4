import { postAttestation, listAttestations } from "../../../clients/github/release/attestations.ts";
import { findDescent } from "../../../clients/github/descent.ts";
import { createGitTag, findGitTag, listTagCommits } from "../../../clients/github/git-refs.ts";
import { findMergedPullRequests } from "../../../clients/github/pull-requests.ts";
import { gitHub } from "../../../clients/github/github.ts";
import { readImmutableReleases } from "../../../clients/github/settings/immutable-releases.ts";
import { readOrganizationImmutableReleases } from "../../../clients/github/settings/organization-immutable-releases.ts";
import { findRepositoryIds } from "../../../clients/github/settings/organization-repositories.ts";
import { readOrganizationRole } from "../../../clients/github/settings/organization-role.ts";
import { readPackageVersion, listPackageVersions } from "../../../clients/github/packages/package-versions.ts";
import {
  readContainerPackage,
  listContainerPackages,
  readOwnerKind,
} from "../../../clients/github/packages/packages.ts";
import { uploadAsset } from "../../../clients/github/release/release-assets.ts";
import {
  allReleases,
  listAssets,
  findPublishedRelease,
  findRelease,
} from "../../../clients/github/release/releases.ts";
import type { Release } from "../../../clients/github/release/releases.ts";
import { createRuleset, replaceRuleset, rulesetNamed } from "../../../clients/github/settings/rulesets.ts";
import type { RulesetContent } from "../../../clients/github/settings/rulesets.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";

/** A question as the product asks it, and what GitHub answers, with as little as it may say. */
export interface Sample {
  ask: () => Promise<unknown>;
  answer: unknown;
  /** Answers to other routes that the same question asks first. */
  before?: Readonly<Record<string, unknown>>;
}

const at = { owner: "acme", repo: "app" };
const org = { org: "acme" };
const sha = "1".repeat(40);
const asset = { id: 5, name: "a.txt", state: "uploaded", size: 1, updated_at: "" };
const release = {
  id: 1,
  tag_name: "v1",
  draft: false,
  prerelease: false,
  html_url: "",
  upload_url: "https://uploads.github.com/repos/acme/app/releases/1/assets{?name,label}",
  author: { login: "ada" },
  assets: [asset],
};
const object = { type: "commit", sha };
const account = { login: "acme", type: "Organization" };
const repository = { id: 3, name: "app", full_name: "acme/app", private: false, owner: account };
const ruleset = { id: 4, name: "freeze", enforcement: "active" };
const content: RulesetContent = {
  name: "freeze",
  target: "branch",
  enforcement: "active",
  bypass_actors: [],
  rules: [],
  conditions: { ref_name: { include: [], exclude: [] } },
};
const pack = { id: 6, name: "app", visibility: "public", version_count: 1 };
const version = {
  id: 7,
  name: "sha256:2",
  created_at: "",
  updated_at: "",
  metadata: { container: { tags: ["1.0.0"] } },
};
const address = { kind: "Organization", owner: "acme", name: "app" } as const;
const bundle = {} as StoredBundle;

/** By route, as github-answers.ts names it. */
export const samples: Readonly<Record<string, Sample>> = {
  "GET /repos/{}/{}": { ask: () => gitHub().rest.repos.get(at), answer: repository },
  "GET /repos/{}/{}/releases": { ask: () => allReleases(at), answer: [release] },
  "POST /repos/{}/{}/releases": {
    ask: () => gitHub().rest.repos.createRelease({ ...at, tag_name: "v1" }),
    answer: release,
  },
  "GET /repos/{}/{}/releases/latest": { ask: () => gitHub().rest.repos.getLatestRelease(at), answer: release },
  "GET /repos/{}/{}/releases/tags/{}": { ask: () => findPublishedRelease(at, "v1"), answer: release },
  "GET /repos/{}/{}/releases/{}": { ask: () => findRelease(at, 1), answer: release },
  "PATCH /repos/{}/{}/releases/{}": {
    ask: () => gitHub().rest.repos.updateRelease({ ...at, release_id: 1 }),
    answer: release,
  },
  "GET /repos/{}/{}/releases/{}/assets": { ask: () => listAssets(at, 1), answer: [asset] },
  "POST /repos/{}/{}/releases/{}/assets": {
    ask: () => uploadAsset(release as Release, { name: "a.txt", size: 1, source: { text: "a" } }, () => {}),
    answer: asset,
  },
  "GET /repos/{}/{}/git/ref/{}": { ask: () => findGitTag(at, "v1"), answer: { ref: "refs/tags/v1", object } },
  "GET /repos/{}/{}/git/tags/{}": {
    ask: () => findGitTag(at, "v1"),
    answer: { tag: "v1", object },
    before: { "GET /repos/{}/{}/git/ref/{}": { ref: "refs/tags/v1", object: { type: "tag", sha } } },
  },
  "GET /repos/{}/{}/tags": { ask: () => listTagCommits(at), answer: [{ name: "v1", commit: { sha } }] },
  "GET /repos/{}/{}/compare/{}": {
    ask: () => findDescent(at, sha, sha),
    answer: { status: "identical", base_commit: { sha, commit: { committer: { date: "2026-01-01T00:00:00Z" } } } },
  },
  "GET /repos/{}/{}/git/commits/{}": {
    ask: () => gitHub().rest.git.getCommit({ ...at, commit_sha: sha }),
    answer: { sha },
  },
  "GET /repos/{}/{}/commits/{}/pulls": {
    ask: () => findMergedPullRequests(at, sha),
    answer: [
      {
        number: 9,
        body: null,
        merged_at: "",
        merge_commit_sha: sha,
        base: { ref: "main", repo: { full_name: "acme/app", default_branch: "main" } },
      },
    ],
  },
  "POST /repos/{}/{}/git/tags": {
    ask: () => createGitTag(at, "v1", sha, "app 1"),
    answer: { sha },
    before: { "POST /repos/{}/{}/git/refs": { ref: "refs/tags/v1", object } },
  },
  "POST /repos/{}/{}/git/refs": {
    ask: () => createGitTag(at, "v1", sha, "app 1"),
    answer: { ref: "refs/tags/v1", object },
    before: { "POST /repos/{}/{}/git/tags": { sha } },
  },
  "GET /repos/{}/{}/attestations/{}": {
    ask: () => listAttestations(at, "sha256:2", "type"),
    answer: { attestations: [{ bundle: {} }] },
  },
  "POST /repos/{}/{}/attestations": { ask: () => postAttestation(at, bundle), answer: { id: 8 } },
  "GET /repos/{}/{}/immutable-releases": {
    ask: () => readImmutableReleases(at),
    answer: { enabled: true, enforced_by_owner: false },
  },
  "GET /repos/{}/{}/rulesets": { ask: () => rulesetNamed(at, "other"), answer: [ruleset] },
  "POST /repos/{}/{}/rulesets": { ask: () => createRuleset(at, content), answer: ruleset },
  "GET /repos/{}/{}/rulesets/{}": {
    ask: () => rulesetNamed(at, "freeze"),
    answer: ruleset,
    before: { "GET /repos/{}/{}/rulesets": [ruleset] },
  },
  "PUT /repos/{}/{}/rulesets/{}": { ask: () => replaceRuleset(at, 4, content), answer: ruleset },
  "GET /orgs/{}": { ask: () => gitHub().rest.orgs.get(org), answer: account },
  "GET /orgs/{}/repos": { ask: () => findRepositoryIds("acme", ["app"]), answer: [repository] },
  "GET /orgs/{}/rulesets": { ask: () => rulesetNamed(org, "other"), answer: [ruleset] },
  "POST /orgs/{}/rulesets": { ask: () => createRuleset(org, content), answer: ruleset },
  "GET /orgs/{}/rulesets/{}": {
    ask: () => rulesetNamed(org, "freeze"),
    answer: ruleset,
    before: { "GET /orgs/{}/rulesets": [ruleset] },
  },
  "PUT /orgs/{}/rulesets/{}": { ask: () => replaceRuleset(org, 4, content), answer: ruleset },
  "GET /orgs/{}/settings/immutable-releases": {
    ask: () => readOrganizationImmutableReleases("acme"),
    answer: { enforced_repositories: "all" },
  },
  "GET /orgs/{}/settings/immutable-releases/repositories": {
    ask: () => readOrganizationImmutableReleases("acme"),
    answer: { total_count: 1, repositories: [repository] },
    before: { "GET /orgs/{}/settings/immutable-releases": { enforced_repositories: "selected" } },
  },
  "GET /user/memberships/orgs/{}": {
    ask: () => readOrganizationRole("acme"),
    answer: { role: "admin", state: "active" },
  },
  "GET /users/{}": { ask: () => readOwnerKind("acme"), answer: account },
  "GET /{}/{}/packages": { ask: () => listContainerPackages("acme"), answer: [pack] },
  "GET /{}/{}/packages/container/{}": { ask: () => readContainerPackage("User", "acme", "app"), answer: pack },
  "GET /{}/{}/packages/container/{}/versions": { ask: () => listPackageVersions(address), answer: [version] },
  "GET /{}/{}/packages/container/{}/versions/{}": { ask: () => readPackageVersion(address, 7), answer: version },
};
