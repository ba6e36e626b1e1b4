import { Octokit } from "@octokit/core";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { throttling } from "@octokit/plugin-throttling";
import { RequestError } from "@octokit/request-error";
import { z } from "zod";
import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { findMissingPermission } from "./accepted-credentials.ts";
import { makeGitHubFetch } from "./fetch.ts";
import { makeGitHubPace } from "./pace.ts";
import { readRetryAfter } from "../retry-after.ts";
import { retried } from "../retry.ts";
import { requireUsableToken } from "../usable-token.ts";

const PacedOctokit = Octokit.plugin(restEndpointMethods, throttling);

/** Octokit with every REST method, the fetch of fetch.ts and the pace of pace.ts. */
export type GitHub = InstanceType<typeof PacedOctokit>;

const someWords = z.string().optional().catch(undefined);

/** GitHub's words of a refusal; those in another shape are ignored. */
const Refusal = z
  .object({
    message: z.string().catch("no words"),
    errors: z
      .array(
        z.union([z.string(), z.object({ message: someWords, resource: someWords, field: someWords, code: someWords })]),
      )
      .catch([]),
  })
  .catch({ message: "no words", errors: [] });

const clients = new Map<string, GitHub>();

/**
 * The one client of this process for a server. GITHUB_API_URL names the server (default https://api.github.com; workflows set it),
 * GITHUB_TOKEN or GH_TOKEN is the token, read at each request. Reads are retried. Writes are not, because a POST may have taken effect
 * although its answer was lost: the caller checks first. Every failure is a ServerRefusal.
 */
export function gitHub(): GitHub {
  const baseUrl = gitHubApi();
  const client = clients.get(baseUrl) ?? connect(baseUrl);
  clients.set(baseUrl, client);
  return client;
}

/**
 * The address of GitHub's API: GITHUB_API_URL, default https://api.github.com; without a slash at its end.
 * @throws Error if it is not an address, or contains a user or a password, which errors would show
 */
export function gitHubApi(): string {
  const address = (process.env["GITHUB_API_URL"] ?? "https://api.github.com").replace(/\/$/, "");
  const { username, password } = URL.parse(address) ?? { username: "no address" };
  if (username || password) {
    throw new Error("GITHUB_API_URL must be an http or https address without user and password.");
  }
  return address;
}

/** The address of GitHub's website: GITHUB_SERVER_URL, default https://github.com. */
export function gitHubWeb(): string {
  return (process.env["GITHUB_SERVER_URL"] ?? "https://github.com").replace(/\/$/, "");
}

function connect(baseUrl: string): GitHub {
  const octokit = new PacedOctokit({
    baseUrl,
    userAgent: "lockstep",
    request: { fetch: makeGitHubFetch(baseUrl) },
    // Warnings about deprecated routes and rate limits would mix with our own words on the console.
    log: { debug() {}, info() {}, warn() {}, error() {} },
    throttle: {
      ...makeGitHubPace(),
      fallbackSecondaryRateRetryAfter: 60,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  });
  octokit.hook.before("request", (options) => {
    const token = process.env["GITHUB_TOKEN"] ?? process.env["GH_TOKEN"];
    if (token) {
      options.headers.authorization = `Bearer ${requireUsableToken(token, "GITHUB_TOKEN or GH_TOKEN")}`;
    }
    options.headers["x-github-api-version"] = "2022-11-28";
  });
  octokit.hook.wrap("request", (request, options) => {
    const requestOnce = async () => {
      try {
        return await request(options);
      } catch (error) {
        throw toRefusal(error);
      }
    };
    return options.method === "GET" ? retried(requestOnce) : requestOnce();
  });
  return octokit;
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof RequestError)) {
    return error;
  }
  const { status, response } = error;
  const request = `${error.request.method} ${error.request.url.split("?", 1)[0]}`;
  if (error.cause instanceof ServerRefusal) {
    return error.cause;
  }
  if (response === undefined) {
    return new ServerRefusal({ request, status: 0, words: findNetworkWords(error) }, { cause: error });
  }
  const words = joinGitHubWords(response.data);
  const missing = findMissingPermission(status, words, response.headers);
  return new ServerRefusal(
    { request, status, words, retryAfter: readWait(response.headers), missing },
    { cause: error },
  );
}

/** Puts GitHub's words on one line: the message, and each error's message or resource, field and code. */
function joinGitHubWords(data: unknown): string {
  if (typeof data === "string") {
    return data.trim().split("\n", 1)[0]?.slice(0, 200) || "no words";
  }
  const { message, errors } = Refusal.parse(data);
  const details = errors.map((error) =>
    typeof error === "string"
      ? error
      : (error.message ?? [error.resource, error.field, error.code].filter(Boolean).join(" ")),
  );
  return [message, ...details].map((text) => text.trim().replaceAll(/\s+/g, " ")).join(": ");
}

/** GitHub's rule: retry-after if it is sent; else, with no requests left, the time of the reset. */
function readWait(headers: Record<string, string | number | undefined>): number | undefined {
  const asked = readRetryAfter(headers["retry-after"]);
  if (asked !== undefined) {
    return asked;
  }
  if (String(headers["x-ratelimit-remaining"]) !== "0") {
    return undefined;
  }
  return Math.max(0, Number(headers["x-ratelimit-reset"]) * 1000 - Date.now());
}

/**
 * Returns `undefined` instead of a 404; every other failure is thrown.
 * @param look a read
 */
export async function allowMissing<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof ServerRefusal && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
