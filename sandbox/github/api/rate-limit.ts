import { randomUUID } from "node:crypto";
import type { Token } from "./token.ts";

const secondsAnHour = 3600;

/** Counts requests like GitHub's primary rate limit. Nothing is refused: only the headers show the count. */
export interface RateLimits {
  /** Headers of an answer; `counts` is false for one that costs nothing, like a 304. */
  headers(token: Token | undefined, counts: boolean): Record<string, string>;
}

/**
 * Counts from zero, an hour at a time: 60 for anonymous callers together, 1,000 for the GITHUB_TOKENs of a repository,
 * 5,000 for every other token (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
export function createRateLimits(): RateLimits {
  const windows = new Map<unknown, { used: number; reset: number }>();
  return {
    headers(token, counts) {
      const limit = token === undefined ? 60 : token.kind === "actions" ? 1000 : 5000;
      const key = token?.kind === "actions" ? token.repository.toLowerCase() : token;
      const now = Math.floor(Date.now() / 1000);
      const known = windows.get(key);
      const window = known !== undefined && known.reset > now ? known : { used: 0, reset: now + secondsAnHour };
      window.used += counts ? 1 : 0;
      windows.set(key, window);
      return {
        "x-github-request-id": randomUUID().toUpperCase(),
        "x-github-media-type": "github.v3; format=json",
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(1, limit - window.used)),
        "x-ratelimit-used": String(window.used),
        "x-ratelimit-reset": String(window.reset),
        "x-ratelimit-resource": "core",
      };
    },
  };
}
