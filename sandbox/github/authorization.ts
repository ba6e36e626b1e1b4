import type { IncomingMessage } from "node:http";
import { ApiError, notFound } from "./api-error.ts";
import type { Account, Call, Reply, Route } from "./call.ts";

/** Lets the call through to its route, or refuses it with the words GitHub has for that. */
export async function runAllowed(route: Route, call: Call): Promise<Reply> {
  if (route.access === "anyone") {
    return route.run(call);
  }
  const { owner = "", repo = "" } = call.params;
  const repository = call.store.find(owner, repo);
  if (repository === undefined || (repository.record.private && call.account === undefined)) {
    throw notFound();
  }
  if (route.access === "write" && call.account === undefined) {
    throw new ApiError(401, "Requires authentication");
  }
  if (route.access === "write" && call.account?.push !== true) {
    throw new ApiError(403, "Resource not accessible by integration", undefined, {
      "x-accepted-github-permissions": "contents=write",
    });
  }
  return route.run({ ...call, repository, fullName: `${repository.record.owner}/${repository.record.name}` });
}

/** Who sent the request. No header: anonymous. A token nobody knows: 401, also where anonymous callers may read. */
export function accountOf(request: IncomingMessage, tokens: ReadonlyMap<string, Account>): Account | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    return undefined;
  }
  const [scheme = "", value = ""] = authorization.split(" ");
  const token = /^basic$/i.test(scheme) ? (Buffer.from(value, "base64").toString().split(":")[1] ?? "") : value;
  const account = tokens.get(token);
  if (account === undefined) {
    throw new ApiError(401, "Bad credentials");
  }
  return account;
}
