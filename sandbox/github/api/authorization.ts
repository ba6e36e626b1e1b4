import { ApiError, notFound } from "./api-error.ts";
import type { ApiExchange } from "./api-exchange.ts";
import type { Account, Call, Reply, Route } from "./call.ts";
import { hasScope, loginOfToken, mayDo, reaches, roleOf } from "./token.ts";
import type { Needs, Place, Role, Token } from "./token.ts";

const mayRead: Needs = { permissions: "contents=read", scopes: ["repo"], role: "read" };
const writePublic: Needs = { permissions: "contents=write", scopes: ["public_repo"], role: "write" };
const writePrivate: Needs = { ...writePublic, scopes: ["repo"] };

/** Passes the call to its route, or refuses it in GitHub's words. */
export async function runAllowed(route: Route, call: Call): Promise<Reply> {
  if (route.access === "anyone") {
    if (route.needs !== undefined && route.refusesItself !== true) {
      demand(call, route.needs, ownerOf(call));
    }
    return route.run(call);
  }
  const { owner = "", repo = "" } = call.params;
  const repository = call.store.find(owner, repo);
  const token = call.account?.token;
  const place = { owner, name: repo };
  if (repository === undefined || (repository.record.private && (token === undefined || !maySee(token, place)))) {
    throw notFound();
  }
  const write = repository.record.private ? writePrivate : writePublic;
  const needs = route.needs ?? (route.access === "write" ? write : mayRead);
  if (needs.role !== "read" || repository.record.private) {
    demand(call, needs, place);
  }
  const account =
    call.account === undefined ? undefined : { ...call.account, push: mayDo(call.account.token, write, place) };
  return route.run({ ...call, account, repository, fullName: `${repository.record.owner}/${repository.record.name}` });
}

/**
 * Refuses a call whose token has insufficient rights for an operation. No token: 401; a classic token: 404 (403 if its role is too
 * low for an administrator's operation on a repository); all others: 403. `place` is the operation's target.
 * @throws ApiError
 */
export function demand({ account }: Pick<Call, "account">, needs: Needs, place: Place): void {
  if (account === undefined) {
    throw new ApiError(401, "Requires authentication");
  }
  const { token } = account;
  if (mayDo(token, needs, place)) {
    return;
  }
  if (token.kind === "classic") {
    const lacksAdmin = hasScope(token, needs.scopes) && needs.role === "admin" && place.name !== undefined;
    throw lacksAdmin ? new ApiError(403, "Must have admin rights to Repository.") : notFound();
  }
  const whom = token.kind === "fine-grained" ? "personal access token" : "integration";
  const header = needs.permissions === "" ? {} : { "x-accepted-github-permissions": needs.permissions };
  throw new ApiError(403, `Resource not accessible by ${whom}`, undefined, header);
}

/** The role of a token's person in a repository. An App and GITHUB_TOKEN have none, because they belong to no person. */
export function repositoryRole(token: Token, place: Place): Role {
  if (token.kind === undefined) {
    return token.push ? "admin" : "read";
  }
  return token.kind === "classic" || token.kind === "fine-grained" ? roleOf(token, place) : "none";
}

/**
 * Headers that show what an operation requires of a token
 * (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api): scopes for a classic token,
 * permissions for the others with a kind, none for one without.
 */
export function tokenHeaders(token: Token | undefined, route: Route | undefined): Record<string, string> {
  if (token?.kind === undefined) {
    return {};
  }
  const needs =
    route?.needs ?? (route?.access === "write" ? writePrivate : route?.access === "read" ? mayRead : undefined);
  if (token.kind === "classic") {
    return {
      "x-oauth-scopes": token.scopes.join(", "),
      "x-accepted-oauth-scopes": (needs?.scopes ?? []).join(", "),
    };
  }
  if (needs?.permissions === "") {
    return {};
  }
  return { "x-accepted-github-permissions": needs?.permissions ?? "allows_permissionless_access=true" };
}

/** Finds the sender of a request. No header: anonymous. An unknown token: 401, even if anonymous callers may read. */
export function accountOf({ headers }: ApiExchange, tokens: ReadonlyMap<string, Token>): Account | undefined {
  const { authorization } = headers;
  if (authorization === undefined) {
    return undefined;
  }
  const [scheme = "", value = ""] = authorization.split(" ");
  const secret = /^basic$/i.test(scheme) ? (Buffer.from(value, "base64").toString().split(":")[1] ?? "") : value;
  const token = tokens.get(secret);
  if (token === undefined) {
    throw new ApiError(401, "Bad credentials");
  }
  return { login: loginOfToken(token), push: token.kind === undefined && token.push, token };
}

/** The owner that a path names; for `/user/…` the caller. */
function ownerOf({ params, account }: Call): Place {
  return { owner: params["org"] ?? params["username"] ?? params["owner"] ?? account?.login ?? "" };
}

/** Whether a private repository exists for a token at all. Every token that reaches it may read its metadata. */
export function maySee(token: Token, place: Place): boolean {
  if (token.kind === "classic") {
    return mayDo(token, mayRead, place);
  }
  const person = token.kind !== "fine-grained" || roleOf(token, place) !== "none";
  return token.kind === undefined || (person && reaches(token, place));
}
