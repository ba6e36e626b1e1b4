import type { GitCommit, GitReference, GitTag } from "../store/git-repository.ts";
import type { Links } from "../api/links.ts";
import { nodeId } from "../accounts/user-payload.ts";

/** The sandbox does not verify signatures: each is "unsigned". */
const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** Schema `git-ref`. */
export function referencePayload(
  { name, sha, type }: GitReference,
  fullName: string,
  links: Links,
): Record<string, unknown> {
  return {
    ref: name,
    node_id: nodeId("REF", `${fullName}:${name}`),
    url: `${links.api}/repos/${fullName}/git/${name}`,
    object: { sha, type, url: objectUrl(type, sha, fullName, links) },
  };
}

/** Schema `git-tag`. */
export function tagPayload(tag: GitTag, fullName: string, links: Links): Record<string, unknown> {
  return {
    node_id: nodeId("TA", tag.sha),
    tag: tag.tag,
    sha: tag.sha,
    url: objectUrl("tag", tag.sha, fullName, links),
    message: tag.message,
    tagger: tag.tagger,
    object: { ...tag.object, url: objectUrl(tag.object.type, tag.object.sha, fullName, links) },
    verification: unsigned,
  };
}

/** Schema `tag`: an entry of the list of tags. */
export function tagListPayload(
  { name, commit }: { name: string; commit: string },
  fullName: string,
  links: Links,
): Record<string, unknown> {
  const tag = name.slice("refs/tags/".length);
  return {
    name: tag,
    commit: { sha: commit, url: `${links.api}/repos/${fullName}/commits/${commit}` },
    zipball_url: `${links.api}/repos/${fullName}/zipball/${name}`,
    tarball_url: `${links.api}/repos/${fullName}/tarball/${name}`,
    node_id: nodeId("REF", `${fullName}:${name}`),
  };
}

/** Schema `git-commit`. */
export function gitCommitPayload(commit: GitCommit, fullName: string, links: Links): Record<string, unknown> {
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    url: objectUrl("commit", commit.sha, fullName, links),
    html_url: `${links.web}/${fullName}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: objectUrl("tree", commit.tree, fullName, links) },
    message: commit.message,
    parents: parentsPayload(commit, fullName, links, "git/commits"),
    verification: unsigned,
  };
}

/** Schema `commit`, without the optional `stats` and `files`. */
export function commitPayload(commit: GitCommit, fullName: string, links: Links): Record<string, unknown> {
  const url = `${links.api}/repos/${fullName}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId("C", commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: objectUrl("tree", commit.tree, fullName, links) },
      url: objectUrl("commit", commit.sha, fullName, links),
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${links.web}/${fullName}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents: parentsPayload(commit, fullName, links, "commits"),
  };
}

function parentsPayload(commit: GitCommit, fullName: string, links: Links, under: string): Record<string, string>[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${links.api}/repos/${fullName}/${under}/${sha}`,
    html_url: `${links.web}/${fullName}/commit/${sha}`,
  }));
}

function objectUrl(type: string, sha: string, fullName: string, links: Links): string {
  return `${links.api}/repos/${fullName}/git/${type}s/${sha}`;
}
