import type { MissingPermission } from "./missing-permission.ts";
import { shownText } from "./shown-text.ts";
import { hideLogins, hideSecrets } from "./hide-secrets.ts";

/**
 * A server's refusal: status and its own words, or no answer at all (status 0: refused connection, reset, time-out). Thrown by clients/,
 * turned into a ReleaseError by errors/explain-error.ts.
 */
export class ServerRefusal extends Error {
  /** "PUT http://host/v2/acme/app/manifests/1.0.0": method and address without query, user or password. */
  readonly request: string;
  /** HTTP status; 0 if no answer came. */
  readonly status: number;
  /** The server's own words, without secrets, and in one line as shownText() makes it: "denied: permission_denied: write_package". */
  readonly words: string;
  /** Milliseconds that the server asked to wait; undefined if it did not ask. */
  readonly retryAfter: number | undefined;
  /** What the token does not have; undefined if the server does not say. */
  readonly missing: MissingPermission | undefined;
  /** True if the client has retried already, so that no caller tries again. */
  readonly exhausted: boolean;

  constructor(
    answer: Pick<ServerRefusal, "request" | "status" | "words"> &
      Partial<Pick<ServerRefusal, "retryAfter" | "missing" | "exhausted">>,
    options?: ErrorOptions,
  ) {
    const { request, status, words } = answer;
    super(shownText(hideSecrets(`${request}: ${status === 0 ? "no answer" : status}: ${words}`)), options);
    this.name = "ServerRefusal";
    this.request = shownText(hideLogins(request));
    this.status = status;
    this.words = shownText(hideSecrets(words));
    this.retryAfter = answer.retryAfter;
    this.missing = answer.missing;
    this.exhausted = answer.exhausted ?? false;
  }

  /** True if a login is missing or may not do this: 401 and 403, but not GitHub's secondary rate limit, which is also a 403. */
  get denied(): boolean {
    return this.status === 401 || (this.status === 403 && !/rate limit|too ?many ?requests/i.test(this.words));
  }

  /** True if the same request may succeed a moment later: no answer, 408, 429, 5xx, and GitHub's secondary rate limit (a 403). */
  get transient(): boolean {
    return (
      this.status === 0 ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500 ||
      (this.status === 403 && /rate limit/i.test(this.words))
    );
  }
}

/**
 * Finds the words of a failed fetch: Node hides the reason ("ECONNREFUSED 127.0.0.1:5000") in a chain of causes under "fetch failed".
 * @param error what fetch threw
 */
export function findNetworkWords(error: unknown): string {
  const words: string[] = [];
  for (let at: unknown = error; at instanceof Error && words.length < 4; at = at.cause) {
    if (at.message && at.message !== "fetch failed") {
      words.push(at.message);
    }
  }
  return words.join(": ") || "no answer";
}
