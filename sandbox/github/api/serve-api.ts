import { randomUUID } from "node:crypto";
import type { Answer } from "../../door/answer.ts";
import { ApiError, notFound } from "./api-error.ts";
import type { ApiExchange } from "./api-exchange.ts";
import { accountOf, runAllowed, tokenHeaders } from "./authorization.ts";
import type { Call, Reply, Route } from "./call.ts";
import { conditional } from "./conditional.ts";
import type { Links } from "./links.ts";
import { checkExchange } from "./openapi.ts";
import type { RateLimits } from "./rate-limit.ts";
import { patternOf } from "./route-pattern.ts";
import type { Token } from "./token.ts";
import type { Settings } from "../store/settings-store.ts";
import type { Store } from "../store/store.ts";

/** What an API consists of. */
export interface ApiParts {
  /** The first one that fits a request answers it. */
  routes: readonly Route[];
  /** Token table; changes count at once. */
  tokens: ReadonlyMap<string, Token>;
  store: Store;
  settings: Settings;
  /** The addresses that answers contain. */
  links: Links;
  /** Called for every break of GitHub's description and every 501. */
  onViolation(what: string): void;
  /** Adds the headers about the rate limit, which contain a random request id. Default: answers have none of them. */
  limits?: RateLimits;
  /** Compares each exchange with GitHub's OpenAPI description, which takes half a second to load. Default true. */
  checksDescription?: boolean;
  /** True for the path of an address that has no route and is answered with 404. Default: 501 for all of them. */
  isMissing?(pathname: string): boolean;
}

/** Answers one exchange. Rejects if the body of the request breaks off, or if a route fails. */
export type Api = (exchange: ApiExchange) => Promise<Answer>;

/** Makes an API over these parts. It needs no socket; what its routes do with the store decides whether it touches files. */
export function serveApi(parts: ApiParts): Api {
  const { tokens, limits, isMissing = () => false } = parts;
  const routes = parts.routes.map((route) => ({ route, pattern: patternOf(route) }));
  return async (exchange) => {
    const { method, path, url } = exchange;
    const violation = (what: string) => parts.onViolation(`${method} ${path}: ${what}`);
    let call: Call | undefined;
    let route: Route | undefined;
    let reply: Reply;
    try {
      if (exchange.headers["user-agent"] === undefined) {
        throw new ApiError(
          403,
          "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
        );
      }
      const account = accountOf(exchange, tokens);
      const found = routes.find(({ route: one, pattern }) => one.method === method && pattern.test(url.pathname));
      if (found === undefined && isMissing(url.pathname)) {
        throw notFound();
      }
      if (found === undefined) {
        violation("the sandbox does not know this operation");
        return jsonAnswer(501, { message: `${method} ${url.pathname} is not part of the sandbox` });
      }
      route = found.route;
      const groups = found.pattern.exec(url.pathname)?.groups ?? {};
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
      const body = route.upload === true || method === "GET" ? undefined : await readJson(exchange);
      const { links, store, settings } = parts;
      call = { exchange, params, query: url.searchParams, body, account, links, store, settings };
      reply = await runAllowed(route, call);
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      reply = { status: error.status, json: errorBody(error), headers: error.headers };
    }
    if (route !== undefined && call !== undefined && reply.status < 500 && parts.checksDescription !== false) {
      const { params, query, body } = call;
      const { status, json } = reply;
      const raw = route.upload === true;
      checkExchange({ method, path: route.path, params, query, body, raw, status, json }).forEach(violation);
    }
    const token = call?.account?.token;
    const answer = conditional(exchange, answerOf(reply, tokenHeaders(token, route)));
    return { ...answer, headers: { ...limits?.headers(token, answer.status !== 304), ...answer.headers } };
  };
}

function answerOf({ status, json, stream, headers: own }: Reply, others: Record<string, string>): Answer {
  const headers = { ...others, ...own };
  if (json !== undefined) {
    return jsonAnswer(status, json, headers);
  }
  return { status, headers, ...(stream === undefined ? {} : { body: stream }) };
}

async function readJson(exchange: ApiExchange): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of exchange.body()) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") {
    return undefined;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError(400, "Body should be a JSON object");
  }
  return body;
}

function errorBody({ status, message, errors }: ApiError): Record<string, unknown> {
  // The recorded answer to a name collision of assets has a request id instead of the two other fields.
  if (errors?.some(({ resource, code }) => resource === "ReleaseAsset" && code === "already_exists")) {
    return { message, request_id: randomUUID(), errors };
  }
  return {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  };
}

function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
