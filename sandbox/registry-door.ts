import { Agent, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import type { Answer, Exchange, OpenDoor } from "./door.ts";
import { openDoor } from "./door.ts";
import type { Faults } from "./faults.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { createRegistryAccess, parseScope } from "./registry-access.ts";
import type { Refusal, TokenGrant } from "./registry-access.ts";
import { publicLocation, routeOf, upstreamPath } from "./registry-route.ts";
import type { RegistryRoute } from "./registry-route.ts";

/** A registry that behaves as GitHub's container registry does: token endpoint, permission table, its refusals and gaps. */
export interface RegistryDoor {
  /** `127.0.0.1:PORT`, as it stands in image references. */
  address: string;
  /** Refuses writes to `repository` (a name, or a prefix that ends in `/*`). Tokens are still given: the first write gets the 403. */
  refuse(repository: string, refusal?: Refusal): void;
  /** Takes `refuse` and `hide` back. */
  grant(repository: string): void;
  /** Makes a repository private; `readers` defaults to the known user. Others get `DENIED: denied` from the token endpoint. */
  hide(repository: string, readers?: readonly string[]): void;
  /** Passwords of the known user: the sandbox's own, and any that is added. */
  passwords: Set<string>;
  close(): Promise<void>;
}

/** What the door needs. */
export interface RegistryDoorOptions {
  port: number;
  /** Port of the registry that does the work. */
  distributionPort: number;
  user: string;
  password: string;
  /** False: DELETE is answered 405, as GitHub's registry does. */
  allowDelete: boolean;
  journal: Journal;
  faults: Faults;
  /** Told what went wrong inside the door. */
  onFailure(what: string): void;
}

const HOP_HEADERS = new Set(
  "authorization connection host keep-alive proxy-authorization proxy-connection te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

const ONE_PIECE = 1024 * 1024;

/** Opens the door in front of a running distribution. */
export async function openRegistryDoor(options: RegistryDoorOptions): Promise<RegistryDoor> {
  const { user, password, allowDelete, journal } = options;
  const passwords = new Set([password]);
  const address = `127.0.0.1:${options.port}`;
  const access = createRegistryAccess(user);
  const agent = new Agent({ keepAlive: true });
  /** Open upload sessions that nothing was sent to yet, with the journal line that opened them. */
  const probes = new Map<string, JournalEntry>();

  const handle = async (exchange: Exchange): Promise<Answer> => {
    const { method, url, entry } = exchange;
    if (url.pathname === "/token") {
      return token(exchange);
    }
    const route = routeOf(url.pathname);
    if (route === undefined) {
      return refused(404, "NOT_FOUND", "not found");
    }
    const write = !["GET", "HEAD", "OPTIONS"].includes(method);
    const grant = grantOf(exchange);
    const { repository } = route;
    if (grant === undefined || !allowed(grant, repository, write ? "push" : "pull")) {
      return challenge(repository, write);
    }
    if (repository !== "" && !access.mayRead(grant.identity, repository)) {
      return refused(403, "DENIED", "denied");
    }
    if (route.kind === "referrers") {
      return refused(404, "MANIFEST_UNKNOWN", "manifest unknown");
    }
    if (write) {
      const refusal = access.refusalOf(repository);
      if (refusal !== undefined && !(refusal.create && (await exists(repository)))) {
        markProbe(entry, route.kind === "upload-start");
        return refused(403, refusal.code, refusal.message);
      }
      if (method === "DELETE" && !allowDelete) {
        markProbe(entry, route.kind === "upload" && probes.has(route.reference));
        return refused(405, "UNSUPPORTED", "The operation is unsupported.");
      }
    }
    return forward(exchange, route, grant);
  };

  const token = ({ method, url, request }: Exchange): Answer => {
    if (method !== "GET") {
      // BuildKit and docker-build try POST first and step down to GET on this answer.
      return { ...refused(405, "UNSUPPORTED", "The operation is unsupported."), headers: { allow: "GET" } };
    }
    const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const [login, ...secret] = Buffer.from(basic ?? "", "base64")
      .toString()
      .split(":");
    if (basic !== undefined && !(login === user && passwords.has(secret.join(":")))) {
      return refused(403, "DENIED", "denied");
    }
    const identity = basic === undefined ? undefined : user;
    const scopes = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
    const names = scopes.flatMap((scope) => parseScope(scope)?.repository ?? []);
    // One unreadable repository among several must not break a push that only hoped to mount from it.
    if (names.length > 0 && names.every((name) => !access.mayRead(identity, name))) {
      return refused(403, "DENIED", "denied");
    }
    return json(200, { token: access.issue(identity, scopes) });
  };

  const grantOf = ({ request }: Exchange): TokenGrant | undefined => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    return bearer === undefined ? undefined : access.grantOf(bearer);
  };

  const challenge = (repository: string, write: boolean): Answer => {
    const scope = `repository:${repository === "" ? "user/image" : repository}:${write ? "pull,push" : "pull"}`;
    const header = `Bearer realm="http://${address}/token",service="${address}",scope="${scope}"`;
    const answer = refused(401, "UNAUTHORIZED", "authentication required");
    return { ...answer, headers: { ...answer.headers, "www-authenticate": header } };
  };

  /** True once the repository holds a manifest. */
  const exists = async (repository: string): Promise<boolean> => {
    const answer = await upstream("GET", `/v2/${repository}/tags/list`, {});
    answer.resume();
    return answer.statusCode === 200;
  };

  const upstream = async (
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
    exchange?: Exchange,
  ): Promise<IncomingMessage> => {
    const outgoing = httpRequest({
      agent,
      host: "127.0.0.1",
      port: options.distributionPort,
      method,
      path,
      headers,
      ...(exchange === undefined ? {} : { signal: exchange.gone }),
    });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    const sent = exchange === undefined ? Promise.resolve(outgoing.end()) : pipeline(exchange.body(), outgoing);
    // The answer may come before the body is through (distribution refuses early): then the pipe breaks, rightly.
    sent.catch(() => undefined);
    const [answer] = await answered;
    return answer;
  };

  const forward = async (exchange: Exchange, route: RegistryRoute, grant: TokenGrant): Promise<Answer> => {
    const { method, url, entry, request } = exchange;
    const target = new URL(url);
    target.pathname = upstreamPath(url.pathname);
    const from = url.searchParams.get("from");
    if (route.kind === "upload-start" && from !== null) {
      if (!access.mayRead(grant.identity, from) || !allowed(grant, from, "pull")) {
        target.searchParams.delete("mount");
        target.searchParams.delete("from");
      }
    }
    const headers: IncomingHttpHeaders = {};
    for (const [name, value] of Object.entries(request.headers)) {
      if (!HOP_HEADERS.has(name)) {
        headers[name] = value;
      }
    }
    const fills = route.kind === "upload" && (method === "PATCH" || method === "PUT");
    const opener = fills ? probes.get(route.reference) : undefined;
    if (opener !== undefined) {
      probes.delete(route.reference);
      delete opener.probe;
      journal.record(opener);
    }
    const answer = await upstream(method, `${target.pathname}${target.search}`, headers, exchange);
    const status = answer.statusCode ?? 502;
    const location = answer.headers.location === undefined ? undefined : publicLocation(answer.headers.location);
    if (route.kind === "upload-start" && status === 202 && location !== undefined) {
      const session = /\/blobs\/upload\/([^/?]+)/.exec(location)?.[1];
      if (session !== undefined) {
        markProbe(entry, true);
        probes.set(session, entry);
      }
    }
    const passed: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers)) {
      if (typeof value === "string" && !HOP_HEADERS.has(name) && name !== "oci-subject") {
        passed[name] = value;
      }
    }
    if (location !== undefined) {
      passed.location = location;
    }
    // Small answers go out in one piece: their end tick is then certain to precede what their reader does next.
    const small = Number(answer.headers["content-length"] ?? Infinity) <= ONE_PIECE || method !== "GET";
    if (!small) {
      return { status, headers: passed, body: answer };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
    }
    return { status, headers: passed, body: Buffer.concat(chunks) };
  };

  const door: OpenDoor = await openDoor({
    port: options.port,
    journal,
    faults: options.faults,
    doorOf: () => "registry",
    repositoryOf: (path) => routeOf(path.split("?")[0] ?? "")?.repository || undefined,
    handle,
    onFailure: ({ method, path }, error) =>
      options.onFailure(`registry: ${method} ${path}: ${error instanceof Error ? error.message : String(error)}`),
  });
  return {
    address,
    refuse: access.refuse,
    grant: access.grant,
    hide: access.hide,
    passwords,
    async close() {
      await door.close();
      agent.destroy();
    },
  };
}

function markProbe(entry: JournalEntry, probe: boolean): void {
  if (probe) {
    entry.probe = true;
  }
}

function allowed(grant: TokenGrant, repository: string, action: string): boolean {
  return repository === "" || grant.actions.get(repository)?.has(action) === true;
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function refused(status: number, code: string, message: string): Answer {
  return json(status, { errors: [{ code, message }] });
}
