import { z } from "zod";
import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import { readBody, mostBytes } from "../bounded-body.ts";
import { readDockerCredentials } from "./docker-credentials.ts";
import { readRegistryWords } from "./refusal.ts";

/** One of the two has the token; some services send both. Source: distribution.github.io/distribution/spec/auth/token. */
const TokenAnswer = z
  .object({ token: z.string().nullish(), access_token: z.string().nullish() })
  .transform(({ token, access_token }) => token || access_token || undefined)
  // A header cannot contain anything else.
  .pipe(
    z
      .string({ error: "has no token" })
      .regex(/^[\x21-\x7e]+$/, { error: "has a token with characters that a header cannot contain" }),
  );

/** A registry's demand for a login. */
export interface Challenge {
  /** Its host with port, as in repository names. */
  registry: string;
  /** The registry's header `www-authenticate`; empty if it sent none. */
  header: string;
  /** `repository:NAME:pull,push`. */
  scope: string;
  /** "GET https://host/v2/…", the request that was answered with 401: for the error. */
  request: string;
}

/**
 * Answers a registry's challenge: with a token of the service that it names, or with the password itself if it asks for Basic.
 * @returns value of the header `authorization`; undefined if there is no login, or the challenge is of another kind
 * @throws ServerRefusal 401 if credentials must not be sent to the address of the service; otherwise with the service's words
 */
export async function logIn(challenge: Challenge): Promise<string | undefined> {
  const credentials = await readDockerCredentials(challenge.registry);
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  if (/^basic/i.test(challenge.header)) {
    return basic;
  }
  const realm = /realm="([^"]+)"/.exec(challenge.header)?.[1];
  if (realm === undefined) {
    return undefined;
  }
  const address = findTokenService(realm, challenge);
  const service = /service="([^"]+)"/.exec(challenge.header)?.[1];
  if (service !== undefined) {
    address.searchParams.set("service", service);
  }
  address.searchParams.set("scope", challenge.scope);
  return `Bearer ${await requestToken(address, basic)}`;
}

/** True for a host on this machine, with or without a port: Docker's rule, by which plain HTTP is for loopback only. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}

/** Another host is allowed, because Docker Hub has one. Plain HTTP is not: it would show the password to everyone on the way. */
function findTokenService(realm: string, { registry, request }: Challenge): URL {
  const refusal = (words: string): ServerRefusal => new ServerRefusal({ request, status: 401, words });
  if (!URL.canParse(realm)) {
    throw refusal("token service: its address is invalid, so no login was sent");
  }
  const address = new URL(realm);
  const safe =
    address.protocol === "https:" || (address.protocol === "http:" && isLoopback(registry) && isLoopback(address.host));
  // The origin of an address with another scheme is "null".
  if (!safe) {
    throw refusal(`token service: ${address.protocol}//${address.host} is not https, so no login was sent`);
  }
  return address;
}

async function requestToken(address: URL, basic: string | undefined): Promise<string> {
  const request = `GET ${address.origin}${address.pathname}`;
  const signal = AbortSignal.timeout(60_000);
  let answer: Response;
  try {
    answer = await fetch(address, { headers: basic === undefined ? {} : { authorization: basic }, signal });
  } catch (error) {
    throw new ServerRefusal({ request, status: 0, words: findNetworkWords(error) }, { cause: error });
  }
  const { status } = answer;
  if (!answer.ok) {
    throw new ServerRefusal({ request, status, words: `token endpoint: ${await readRegistryWords(answer)}` });
  }
  const bytes = await readBody(answer, { request, most: mostBytes.token, signal });
  try {
    return parseCheckedJson(TokenAnswer, bytes);
  } catch (error) {
    const words = `token endpoint: its answer ${(error as Error).message}`;
    throw new ServerRefusal({ request, status, words }, { cause: error });
  }
}
