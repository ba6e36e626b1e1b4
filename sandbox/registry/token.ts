import type { Answer } from "../door/answer.ts";
import type { Exchange } from "../door/door.ts";
import type { Token } from "../github/api/token.ts";
import { parseScope } from "./access.ts";
import type { RegistryAccess } from "./access.ts";
import { json, refused } from "./answer.ts";

/** Options of the token endpoint. */
export interface TokenEndpoint {
  access: RegistryAccess;
  user: string;
  /** Further passwords of the user. */
  passwords: ReadonlySet<string>;
  /** GitHub's token table. */
  tokens: ReadonlyMap<string, Token>;
}

/**
 * Answers `/token`: Basic user and token against an opaque bearer. A token of GitHub's table is valid with any
 * user. Everyone who asks to push gets a token, allowed or not: the refusal comes at the first write.
 */
export function answerToken({ method, url, headers }: Exchange, endpoint: TokenEndpoint): Answer {
  const { access, user, passwords, tokens } = endpoint;
  if (method !== "GET") {
    // BuildKit and docker-build try POST first and fall back to GET on this answer.
    return { ...refused(405, "UNSUPPORTED", "The operation is unsupported."), headers: { allow: "GET" } };
  }
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const [login, ...rest] = Buffer.from(basic ?? "", "base64")
    .toString()
    .split(":");
  const secret = rest.join(":");
  const own = login === user && passwords.has(secret) ? { login: user, push: true } : undefined;
  const caller = basic === undefined ? undefined : (tokens.get(secret) ?? own);
  if (basic !== undefined && caller === undefined) {
    return refused(403, "DENIED", "denied");
  }
  const scopes = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
  const asked = scopes.flatMap((scope) => parseScope(scope) ?? []);
  const pushes = caller !== undefined && asked.some(({ actions }) => actions.includes("push"));
  // One unreadable repository among several must not break a push that only tried to mount from it.
  if (!pushes && asked.length > 0 && asked.every((one) => access.readRefusal(caller, one.repository) !== undefined)) {
    return refused(403, "DENIED", "denied");
  }
  return json(200, { token: access.issue(caller, scopes) });
}
