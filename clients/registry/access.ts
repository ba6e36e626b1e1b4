import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { isLoopback, logIn } from "./login.ts";

const tokens = new Map<string, Promise<string | undefined>>();

/** What a registry asked for with its first 401, by its host: it asks the same for each of its repositories. */
const challenges = new Map<string, string>();

/** Repositories with a login that was asked for to write, and accepted: `ghcr.io/acme/app`. */
const writable = new Map<string, true>();

/** What a login allows. */
export type Access = "pull" | "pull,push";

/** A request to a registry. */
export interface RegistryRequest extends RequestInit {
  /** What its login must allow. Default: `pull` for GET and HEAD, else `pull,push`. */
  access?: Access;
}

/**
 * Makes one HTTP exchange with a registry, with the login that the registry asks for. A 401 names a token service (Bearer) or asks for
 * Basic. The resulting authorization is kept in this process, per repository and kind of access, until the registry refuses it.
 * Source: distribution.github.io/distribution/spec/auth/token.
 * @param repository with its registry: `ghcr.io/acme/app`
 * @param path below `/v2/NAME/`, for example `manifests/1.0.0`; or an address from the registry itself. An address at another
 *   origin gets no login
 * @param init its `signal` ends the exchange before its 60 seconds are over; both also end the reading of the body
 * @returns any answer but 401; the caller reads status and body
 * @throws ServerRefusal with status 0 if no answer came, 401 or 403 if the token service refused
 */
export async function askRegistry(
  repository: string,
  path: string | URL,
  { access: asked, ...init }: RegistryRequest = {},
): Promise<Response> {
  const { registry, name } = splitRepository(repository);
  const url = path instanceof URL ? path : makeAddress(repository, path);
  const address = url.href;
  if (url.origin !== makeAddress(repository, "").origin) {
    return send(address, init, undefined);
  }
  const method = init.method ?? "GET";
  const access = chooseAccess(`${registry}/${name}`, asked ?? (isReading(method) ? "pull" : "pull,push"));
  const key = `${registry}/${name} ${access}`;

  const known = tokens.get(key);
  // Requests side by side would each be refused, and each log in: they wait for what the first one finds out.
  const found = Promise.withResolvers<string | undefined>();
  let own: Promise<string | undefined> | undefined;
  if (known === undefined) {
    own = found.promise;
    tokens.set(key, own);
  }
  const logInTo = (header: string): Promise<string | undefined> =>
    logIn({ registry, header, scope: `repository:${name}:${access}`, request: describeRequest(address, init) });
  try {
    let authorization = await known;
    const challenge = challenges.get(registry);
    if (known === undefined && challenge !== undefined) {
      // If the token service refuses, the registry itself is asked: it says what is missing.
      authorization = await logInTo(challenge).catch(() => undefined);
      if (authorization !== undefined) {
        found.resolve(authorization);
      }
    }
    const first = await send(address, init, authorization);
    if (first.status !== 401) {
      found.resolve(authorization);
      noteWriteAccess(`${registry}/${name}`, access, first);
      return first;
    }
    await first.body?.cancel();
    const header = first.headers.get("www-authenticate") ?? "";
    const login = logInTo(header);
    own = login;
    tokens.set(key, login);
    const renewed = await login;
    found.resolve(renewed);
    if (renewed !== undefined) {
      challenges.set(registry, header);
    }
    const second = await send(address, init, renewed);
    if (second.status === 401) {
      tokens.delete(key);
    }
    noteWriteAccess(`${registry}/${name}`, access, second);
    return second;
  } catch (error) {
    if (tokens.get(key) === own) {
      tokens.delete(key);
    }
    if (access === "pull,push") {
      writable.delete(`${registry}/${name}`);
    }
    found.resolve(undefined);
    throw error;
  }
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Remembers whether a login that was asked for to write was accepted. One that is refused must not stand in the way of reads. */
function noteWriteAccess(repository: string, access: Access, answer: Response): void {
  if (access === "pull,push" && answer.ok) {
    writable.set(repository, true);
  } else if (access === "pull,push" && answer.status === 401) {
    writable.delete(repository);
  }
}

/** A login that allows writing also allows reading: if there is one, no other is asked for. */
function chooseAccess(repository: string, needed: Access): Access {
  return writable.has(repository) ? "pull,push" : needed;
}

/** Makes an address in a repository; `path` is below `/v2/NAME/`. */
export function makeAddress(repository: string, path: string): URL {
  const { registry, name } = splitRepository(repository);
  return new URL(`${isLoopback(registry) ? "http" : "https"}://${findHost(registry)}/v2/${name}/${path}`);
}

/**
 * Reads the address that an answer redirects to, for example for a blob: any https address, plain HTTP only from loopback to loopback.
 * @returns undefined if there is none, or a different one
 */
export function readLocation(answer: Response, repository: string): URL | undefined {
  const location = answer.headers.get("location");
  if (location === null || !URL.canParse(location, answer.url)) {
    return undefined;
  }
  const address = new URL(location, answer.url);
  const plain =
    address.protocol === "http:" && isLoopback(address.host) && isLoopback(splitRepository(repository).registry);
  return address.protocol === "https:" || plain ? address : undefined;
}

/** Splits `ghcr.io/acme/app` into registry and name. */
export function splitRepository(repository: string): { registry: string; name: string } {
  const slash = repository.indexOf("/");
  return { registry: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/** Docker Hub's repositories are called docker.io/…, but its registry has another host. */
function findHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

async function send(address: string, init: RequestInit, authorization: string | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) {
    headers.set("authorization", authorization);
  }
  const deadline = AbortSignal.timeout(60_000);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  try {
    return await fetch(address, { ...init, headers, signal });
  } catch (error) {
    const words = findNetworkWords(error);
    throw new ServerRefusal({ request: describeRequest(address, init), status: 0, words }, { cause: error });
  }
}

function describeRequest(address: string, { method = "GET" }: RequestInit): string {
  return `${method} ${address.split("?", 1)[0]}`;
}
