import type { Links } from "../api/links.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { nodeId, simpleUser } from "./user-payload.ts";

const linked = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

const counts = {
  forks: 0,
  forks_count: 0,
  network_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  size: 0,
  stargazers_count: 0,
  subscribers_count: 0,
  watchers: 0,
  watchers_count: 0,
};

const features = {
  allow_forking: true,
  archived: false,
  disabled: false,
  fork: false,
  has_discussions: false,
  has_downloads: true,
  has_issues: true,
  has_pages: false,
  has_projects: true,
  has_wiki: true,
  is_template: false,
  web_commit_signoff_required: false,
};

/** Schema `full-repository`. `push` is the token's write access; undefined omits `permissions`, as for anonymous callers. */
export function repositoryPayload(
  record: RepositoryRecord,
  links: Links,
  push: boolean | undefined,
): Record<string, unknown> {
  const fullName = `${record.owner}/${record.name}`;
  const url = `${links.api}/repos/${fullName}`;
  const web = `${links.web}/${fullName}`;
  const host = new URL(links.web).host;
  return {
    id: record.id,
    node_id: nodeId("R", record.id),
    name: record.name,
    full_name: fullName,
    owner: { ...simpleUser(record.owner, links), type: "Organization" },
    private: record.private,
    visibility: record.private ? "private" : "public",
    html_url: web,
    description: record.description,
    url,
    ...Object.fromEntries(Object.entries(linked).map(([name, path]) => [name, url + path])),
    clone_url: `${web}.git`,
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `git@${host}:${fullName}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: licensePayload(record.licence, links),
    topics: [],
    default_branch: record.defaultBranch,
    ...counts,
    ...features,
    pushed_at: record.createdAt,
    created_at: record.createdAt,
    updated_at: record.createdAt,
    ...(push === undefined ? {} : { permissions: { admin: false, maintain: push, push, triage: push, pull: true } }),
  };
}

function licensePayload(spdx: string | null, links: Links): Record<string, unknown> | null {
  if (spdx === null) {
    return null;
  }
  const key = spdx.toLowerCase();
  return { key, name: spdx, spdx_id: spdx, url: `${links.api}/licenses/${key}`, node_id: nodeId("L", key) };
}
