import { repositoryPayload } from "../accounts/repository-payload.ts";
import { nodeId, simpleUser } from "../accounts/user-payload.ts";
import type { Links } from "../api/links.ts";
import type { RepositoryRecord } from "../store/store.ts";
import type { PullRecord } from "./pull-store.ts";

/** Schema `pull-request-simple`. Head and base are branches of the same repository. */
export function pullPayload(pull: PullRecord, record: RepositoryRecord, links: Links): Record<string, unknown> {
  const { number, mergedAs, createdAt } = pull;
  const fullName = `${record.owner}/${record.name}`;
  const api = `${links.api}/repos/${fullName}`;
  const url = `${api}/pulls/${number}`;
  const issue = `${api}/issues/${number}`;
  const web = `${links.web}/${fullName}/pull/${number}`;
  const statuses = `${api}/statuses/${pull.head.sha}`;
  const user = simpleUser(pull.author, links);
  const closedAt = mergedAs === null ? null : createdAt;
  const branch = ({ ref, sha }: PullRecord["head"]): Record<string, unknown> => ({
    label: `${record.owner}:${ref}`,
    ref,
    sha,
    user: simpleUser(record.owner, links),
    repo: repositoryPayload(record, links, undefined),
  });
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number,
    state: mergedAs === null ? "open" : "closed",
    locked: false,
    title: pull.title,
    user,
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: createdAt,
    updated_at: createdAt,
    closed_at: closedAt,
    merged_at: closedAt,
    merge_commit_sha: mergedAs,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: branch(pull.head),
    base: branch(pull.base),
    _links: {
      self: { href: url },
      html: { href: web },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: "MEMBER",
    auto_merge: null,
    draft: false,
  };
}
