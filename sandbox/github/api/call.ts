import type { Readable } from "node:stream";
import type { ApiExchange } from "./api-exchange.ts";
import type { Links } from "./links.ts";
import type { Settings } from "../store/settings-store.ts";
import type { Repository, Store } from "../store/store.ts";
import type { Needs, Token } from "./token.ts";

/** The caller, as a route sees it. */
export interface Account {
  login: string;
  /** May write contents to the call's repository; for a call about none, true only for a token without a kind that may push. */
  push: boolean;
  /** Its entry in the token table. */
  token: Token;
}

/** One API request, parsed and authorized. */
export interface Call {
  exchange: ApiExchange;
  /** Path parameters by the names of the OpenAPI description. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON body; undefined without one, and for uploads. */
  body: unknown;
  /** Undefined for anonymous callers. */
  account: Account | undefined;
  links: Links;
  store: Store;
  settings: Settings;
}

/** A call on a repository that the caller may see. */
export interface RepositoryCall extends Call {
  repository: Repository;
  /** `owner/name` as spelled in the record. */
  fullName: string;
}

/** A route's answer: JSON, a stream, or nothing (204). */
export interface Reply {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
  stream?: Readable;
}

/** An operation of GitHub's API. */
export type Route = {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Path as in the OpenAPI description; `{ref}` and `{tag}` may contain slashes, ids are numbers. */
  path: string;
  /** Below /api/uploads instead of /api/v3; its body is not parsed. */
  upload?: boolean;
  /**
   * What it requires of the caller's token. Default for `read`: contents=read; for `write`: contents=write; for `anyone`:
   * nothing. Needs with the role `read` do not apply to public repositories, which anyone may read.
   */
  needs?: Needs;
  /** The route itself refuses; its `needs` only set the headers that say what it requires. Default false. */
  refusesItself?: boolean;
} & (
  | { access: "anyone"; run(call: Call): Promise<Reply> }
  | { access: "read" | "write"; run(call: RepositoryCall): Promise<Reply> }
);

/** The login to record as the author of the caller's changes. */
export function loginOf(call: Call): string {
  return call.account?.login ?? "ghost";
}

/** Cuts a page out of a list, with GitHub's `Link` header. `per_page` is 30 by default, 100 at most. */
export function page<T>(all: readonly T[], call: Call): { items: T[]; headers: Record<string, string> } {
  const size = bounded(call.query.get("per_page"), 30, 100);
  const number = bounded(call.query.get("page"), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, relation: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.links.web}${call.exchange.url.pathname}?${query.toString()}>; rel="${relation}"`;
  };
  const links = [
    ...(number > 1 ? [link(Math.min(number - 1, last), "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
    ...(number > 1 ? [link(1, "first")] : []),
  ];
  return {
    items: all.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

function bounded(text: string | null, fallback: number, highest: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value > 0 ? Math.min(value, highest) : fallback;
}
