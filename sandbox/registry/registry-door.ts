import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "../door/answer.ts";
import type { Exchange } from "../door/door.ts";
import { openDoor } from "../door/door.ts";
import type { Faults } from "../door/faults.ts";
import type { OpenPort } from "../door/open-port.ts";
import type { Token } from "../github/api/token.ts";
import type { Journal, JournalEntry } from "../door/journal.ts";
import { isServed, recordPush, recordRemoval } from "../github/packages/package-pushes.ts";
import type { PackageStore } from "../github/packages/package-store.ts";
import { createRegistryAccess } from "./access.ts";
import type { Refusal, TokenGrant } from "./access.ts";
import { refused } from "./answer.ts";
import { createRegistryLimits } from "./limits.ts";
import type { RegistryLimits } from "./limits.ts";
import { publicLocation, routeOf, upstreamPath } from "./route.ts";
import type { RegistryRoute } from "./route.ts";
import { answerToken } from "./token.ts";
import { openRegistryUpstream, readWhole } from "./upstream.ts";

/** A registry that behaves like GitHub's container registry: token endpoint, permission table, refusals and missing features. */
export interface RegistryDoor {
  /** `127.0.0.1:PORT`, as in image references. */
  address: string;
  /** Refuses writes to `repository` (a name, or a prefix that ends in `/*`). Tokens are still issued: the first write gets the 403. */
  refuse(repository: string, refusal?: Refusal): void;
  /** Undoes `refuse` and `hide`. */
  grant(repository: string): void;
  /** Makes a repository private; `readers` defaults to the known user. Others get `DENIED: denied` from the token endpoint. */
  hide(repository: string, readers?: readonly string[]): void;
  /** The next requests exceed a rate limit of the registry. */
  limit: RegistryLimits["limit"];
  /** Passwords of the known user in addition to the tokens of GitHub's table: the sandbox's own, and any that are added. */
  passwords: Set<string>;
  close(): Promise<void>;
}

/** Options of the door. */
export interface RegistryDoorOptions {
  port: number;
  /** Port of the registry that does the work. */
  distributionPort: number;
  user: string;
  password: string;
  /** GitHub's token table: any of them is a valid password here, with any login. */
  tokens: ReadonlyMap<string, Token>;
  packages: PackageStore;
  /** True for an owner that is a person. */
  isPerson(owner: string): boolean;
  /** A GitHub repository as its record spells it; undefined if there is none. */
  repositoryNamed(fullName: string): string | undefined;
  /** False: DELETE is answered 405, as by GitHub's registry. */
  allowDelete: boolean;
  journal: Journal;
  faults: Faults;
  /** As in the options of a door. */
  delay?: number | undefined;
  /** Called for failures inside the door. */
  onFailure(what: string): void;
}

const hopHeaders = new Set(
  "authorization connection host keep-alive proxy-authorization proxy-connection te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

const onePiece = 1024 * 1024;

/** Opens the door in front of a running distribution. */
export async function openRegistryDoor(options: RegistryDoorOptions): Promise<RegistryDoor> {
  const { user, password, allowDelete, journal, packages } = options;
  const passwords = new Set([password]);
  const address = `127.0.0.1:${options.port}`;
  const access = createRegistryAccess(options);
  const limits = createRegistryLimits();
  const upstream = openRegistryUpstream(options.distributionPort);
  /** Open upload sessions that are still empty, with the journal line that opened them. */
  const probes = new Map<string, JournalEntry>();

  const handle = async (exchange: Exchange): Promise<Answer> => {
    const { method, url, entry } = exchange;
    if (url.pathname === "/token") {
      return answerToken(exchange, { access, user, passwords, tokens: options.tokens });
    }
    const route = routeOf(url.pathname);
    if (route === undefined) {
      return refused(404, "NOT_FOUND", "not found");
    }
    const write = !["GET", "HEAD", "OPTIONS"].includes(method);
    const grant = grantOf(exchange);
    const { repository } = route;
    if (grant === undefined || !allowed(grant, repository, write ? "push" : "pull")) {
      markProbe(entry, write && route.kind === "upload-start");
      return challenge(repository, write);
    }
    const limited = limits.take(write);
    if (limited !== undefined) {
      markProbe(entry, route.kind === "upload-start");
      return refused(limited.status, limited.code, limited.message);
    }
    if (write) {
      const refusal = await writeRefusal(grant, repository);
      if (refusal !== undefined) {
        markProbe(entry, route.kind === "upload-start");
        return refused(403, refusal.code, refusal.message);
      }
      if (method === "DELETE" && !(allowDelete && route.kind !== "upload")) {
        markProbe(entry, route.kind === "upload" && probes.has(route.reference));
        return refused(405, "UNSUPPORTED", "The operation is unsupported.");
      }
    } else {
      const words = repository === "" ? undefined : access.readRefusal(grant.token, repository);
      if (words !== undefined) {
        return refused(403, "DENIED", words);
      }
      // A deleted version's blobs stay: other versions may share them.
      const reference = route.kind === "manifest" ? route.reference : "";
      if (route.kind === "referrers" || !isServed(access.packageOf(repository), reference)) {
        return route.kind === "tags"
          ? refused(404, "NAME_UNKNOWN", "repository name not known to registry")
          : refused(404, "MANIFEST_UNKNOWN", "manifest unknown");
      }
    }
    return forward(exchange, route, grant);
  };

  const grantOf = ({ headers }: Exchange): TokenGrant | undefined => {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    return bearer === undefined ? undefined : access.grantOf(bearer);
  };

  const challenge = (repository: string, write: boolean): Answer => {
    const scope = `repository:${repository === "" ? "user/image" : repository}:${write ? "pull,push" : "pull"}`;
    const header = `Bearer realm="http://${address}/token",service="${address}",scope="${scope}"`;
    const answer = refused(401, "UNAUTHORIZED", "authentication required");
    return { ...answer, headers: { ...answer.headers, "www-authenticate": header } };
  };

  const writeRefusal = async (
    { token: caller }: TokenGrant,
    repository: string,
  ): Promise<{ code: string; message: string } | undefined> => {
    const refusal = access.refusalOf(repository);
    if (refusal !== undefined && !(refusal.create && (await exists(repository)))) {
      return refusal;
    }
    const message = caller === undefined ? "denied" : access.pushRefusal(caller, repository);
    return message === undefined ? undefined : { code: "DENIED", message };
  };

  /** True once the repository has a manifest with a tag. */
  const exists = async (repository: string): Promise<boolean> =>
    (await upstream.fetch(`/v2/${repository}/tags/list`)) !== undefined;

  const forward = async (exchange: Exchange, route: RegistryRoute, grant: TokenGrant): Promise<Answer> => {
    const { method, url, entry } = exchange;
    const target = new URL(url);
    target.pathname = upstreamPath(url.pathname);
    const from = url.searchParams.get("from");
    if (route.kind === "upload-start" && from !== null) {
      if (access.readRefusal(grant.token, from) !== undefined || !allowed(grant, from, "pull")) {
        target.searchParams.delete("mount");
        target.searchParams.delete("from");
      }
    }
    const headers: IncomingHttpHeaders = {};
    for (const [name, value] of Object.entries(exchange.headers)) {
      if (!hopHeaders.has(name)) {
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
    const kept: Buffer[] = [];
    const body = route.kind === "manifest" ? copied(exchange.body(), kept) : exchange.body();
    const answer = await upstream.send(method, target.pathname + target.search, {
      headers,
      body,
      signal: exchange.gone,
    });
    const status = answer.statusCode ?? 502;
    const location = answer.headers.location === undefined ? undefined : publicLocation(answer.headers.location);
    if (route.kind === "upload-start" && status === 202 && location !== undefined) {
      const session = /\/blobs\/upload\/([^/?]+)/.exec(location)?.[1];
      if (session !== undefined) {
        markProbe(entry, true);
        probes.set(session, entry);
      }
    }
    if (route.kind === "manifest" && status === 201) {
      await noteManifest(route, grant, String(answer.headers["docker-content-digest"]), Buffer.concat(kept));
    }
    if (route.kind === "manifest" && method === "DELETE" && status === 202) {
      await recordRemoval(packages, route.repository, route.reference);
    }
    const passed: Record<string, string> = {};
    for (const [name, value] of Object.entries(answer.headers)) {
      if (typeof value === "string" && !hopHeaders.has(name) && name !== "oci-subject") {
        passed[name] = value;
      }
    }
    if (location !== undefined) {
      passed.location = location;
    }
    if (route.kind === "tags" && status === 200) {
      const { "content-length": _, ...rest } = passed;
      return { status, headers: rest, body: servedTags(route.repository, await readWhole(answer)) };
    }
    // Small answers are sent in one piece, so that their end tick certainly precedes their reader's next action.
    const small = Number(answer.headers["content-length"] ?? Infinity) <= onePiece || method !== "GET";
    return { status, headers: passed, body: small ? await readWhole(answer) : answer };
  };

  const noteManifest = (
    { repository, reference }: RegistryRoute,
    grant: TokenGrant,
    digest: string,
    manifest: Buffer,
  ) =>
    recordPush(packages, {
      repository,
      reference,
      digest,
      manifest,
      token: grant.token ?? { login: user, push: true },
      blob: (wanted) => upstream.fetch(`/v2/${repository}/blobs/${wanted}`),
      repositoryNamed: options.repositoryNamed,
    });

  /** Lists tags without those of deleted versions. */
  const servedTags = (repository: string, bytes: Buffer): Buffer => {
    const list = JSON.parse(bytes.toString("utf8")) as { tags?: string[] | null };
    const record = access.packageOf(repository);
    const tags = (list.tags ?? []).filter((tag) => isServed(record, tag));
    return tags.length === (list.tags ?? []).length ? bytes : Buffer.from(JSON.stringify({ ...list, tags }));
  };

  const door: OpenPort = await openDoor({
    port: options.port,
    journal,
    faults: options.faults,
    delay: options.delay,
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
    limit: limits.limit,
    passwords,
    async close() {
      await door.close();
      upstream.close();
    },
  };
}

async function* copied(source: AsyncIterable<Buffer>, kept: Buffer[]): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    kept.push(chunk);
    yield chunk;
  }
}

function markProbe(entry: JournalEntry, probe: boolean): void {
  if (probe) {
    entry.probe = true;
  }
}

function allowed(grant: TokenGrant, repository: string, action: string): boolean {
  return repository === "" || grant.actions.get(repository)?.has(action) === true;
}
