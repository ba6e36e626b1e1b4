import { dockerCredentials } from "./docker-credentials.ts";
import { networkWords, ServerRefusal } from "../errors/server-refusal.ts";
import { retryAfterOf } from "./retry-after.ts";
import { usableToken } from "./usable-token.ts";

const tokens = new Map<string, Promise<string | undefined>>();

/**
 * One HTTP exchange with a registry, with the login that the registry asks for: a 401 names a token service (Bearer) or wants Basic;
 * the answer to it is kept for the process, per repository and kind of access, and dropped when the registry refuses it.
 * Source: distribution.github.io/distribution/spec/auth/token.
 * @param repository with its registry: `ghcr.io/acme/app`
 * @param path below `/v2/NAME/`, for example `manifests/1.0.0`
 * @returns any answer but 401; the caller reads status and body
 * @throws ServerRefusal with status 0 where no answer came, 401 or 403 where the token service refused
 */
export async function askRegistry(repository: string, path: string, init: RequestInit = {}): Promise<Response> {
  const { registry, name } = partsOf(repository);
  const address = `${schemeOf(registry)}://${hostOf(registry)}/v2/${name}/${path}`;
  const method = init.method ?? "GET";
  const access = method === "GET" || method === "HEAD" ? "pull" : "pull,push";
  const key = `${registry}/${name} ${access}`;

  const known = await tokens.get(key);
  const first = await send(address, init, known);
  if (first.status !== 401) return first;
  await first.body?.cancel();
  const login = tokenFor(first.headers.get("www-authenticate") ?? "", registry, `repository:${name}:${access}`);
  tokens.set(key, login);
  try {
    const second = await send(address, init, await login);
    if (second.status === 401) tokens.delete(key);
    return second;
  } catch (error) {
    tokens.delete(key);
    throw error;
  }
}

/** Splits `ghcr.io/acme/app` into registry and name. */
export function partsOf(repository: string): { registry: string; name: string } {
  const slash = repository.indexOf("/");
  return { registry: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/** Docker's rule: plain HTTP is for loopback only. */
function schemeOf(registry: string): "http" | "https" {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(registry) ? "http" : "https";
}

/** Docker Hub's repositories are called docker.io/…, its registry answers elsewhere. */
function hostOf(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

async function send(address: string, init: RequestInit, authorization: string | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set("authorization", authorization);
  try {
    return await fetch(address, { ...init, headers, signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    const request = `${init.method ?? "GET"} ${address.split("?", 1)[0]}`;
    throw new ServerRefusal({ request, status: 0, words: networkWords(error) }, { cause: error });
  }
}

async function tokenFor(challenge: string, registry: string, scope: string): Promise<string | undefined> {
  const credentials = await dockerCredentials(registry);
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  if (/^basic/i.test(challenge)) return basic;
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1];
  if (realm === undefined) return undefined;
  const address = new URL(realm);
  const service = /service="([^"]+)"/.exec(challenge)?.[1];
  if (service !== undefined) address.searchParams.set("service", service);
  address.searchParams.set("scope", scope);
  const answer = await send(address.href, {}, basic);
  if (!answer.ok) {
    throw new ServerRefusal({
      request: `GET ${address.origin}${address.pathname}`,
      status: answer.status,
      words: `token endpoint: ${await registryWords(answer)}`,
    });
  }
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  return `Bearer ${usableToken(token ?? access_token ?? "", `the token that ${address.host} gave`)}`;
}

/** The words of a registry's refusal: `DENIED: permission_denied: write_package`. HEAD answers have none. */
export async function registryWords(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    const words = errors?.map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
    if (words) return words;
  } catch {
    // Proxies in front of registries answer with HTML: its first line is better than nothing.
  }
  return text.trim().split("\n", 1)[0]?.slice(0, 200) || answer.statusText || "no words";
}

/**
 * A registry's refusal as an error, with its words and the time that it asks to wait.
 * @param method as it was sent
 */
export async function registryRefusal(answer: Response, method: string): Promise<ServerRefusal> {
  return new ServerRefusal({
    // A registry may have sent us to a storage whose address carries a signature: a secret for as long as it holds.
    request: `${method} ${answer.url.split("?", 1)[0]}`,
    status: answer.status,
    words: await registryWords(answer),
    retryAfter: retryAfterOf(answer.headers.get("retry-after")),
  });
}
