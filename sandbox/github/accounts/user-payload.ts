import { createHash } from "node:crypto";
import type { Links } from "../api/links.ts";

/** Schema `simple-user` of GitHub's OpenAPI description. */
export function simpleUser(login: string, links: Links): Record<string, unknown> {
  const url = `${links.api}/users/${login}`;
  return {
    login,
    id: accountId(login),
    node_id: nodeId("U", accountId(login)),
    avatar_url: `${links.web}/avatars/u/${accountId(login)}`,
    gravatar_id: "",
    url,
    html_url: `${links.web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: "User",
    user_view_type: "public",
    site_admin: false,
  };
}

/** Schema `public-user`: the answer of GET /user about the token's owner. */
export function authenticatedUser(login: string, links: Links): Record<string, unknown> {
  return {
    ...simpleUser(login, links),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
  };
}

/** Opaque like GitHub's global node ids; only equality means anything. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}

/** A number for the account, as GitHub would assign: derived from the login, so that it is always the same. */
export function accountId(login: string): number {
  return createHash("sha256").update(login.toLowerCase()).digest().readUInt32BE(0) % 100_000_000;
}
