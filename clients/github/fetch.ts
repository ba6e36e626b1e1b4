import type { ReadableStream } from "node:stream/web";
import { parseBoundedJson, TooManyValues } from "../../formats/bounded-json.ts";
import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { readBodyStart, readBody, mostBytes } from "../bounded-body.ts";
import { describeAnswerMistake } from "./answers.ts";

/** How long one exchange with GitHub may take, its body included, in milliseconds. */
const exchangeLimit = 60_000;
/** How long a transfer of a file may stand still, in milliseconds. */
const idleLimit = 120_000;

/** A fetch for one server. */
type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

/**
 * Makes the fetch for all exchanges with GitHub.
 *
 * - It sends nothing to an address outside the API and its uploads host, whatever a list or a Release names: neither token nor file.
 * - An exchange ends after a minute, a body at 64 MiB.
 * - A body that breaks off is an error. Octokit would treat the part that arrived as the whole: for a list, as empty.
 * - An answer that does not match its route is an error with status 0: like a cut one, it may be temporary, and it proves nothing.
 *
 * @param baseUrl address of the API, without a slash at its end
 * @throws ServerRefusal, which Octokit wraps in its own error
 */
export function makeGitHubFetch(baseUrl: string): Fetch {
  return async (address, init = {}) => {
    const request = describeRequest(address, init);
    const limit = startTimeLimit(exchangeLimit);
    try {
      const answer = await send(baseUrl, address, { ...init, signal: limit.signal });
      if (!answer.ok) {
        return replaceBody(answer, await readBodyStart(answer));
      }
      const bytes = await readBody(answer, { request, most: mostBytes.gitHub, signal: limit.signal });
      checkAnswer(bytes, { answer, request, path: removeBaseUrl(baseUrl, address) });
      return replaceBody(answer, bytes);
    } finally {
      limit.end();
    }
  };
}

/**
 * Makes the fetch for one upload. A standstill has a time limit; the whole upload has none.
 * @param body makes the body; its argument must be called for each chunk that is sent
 */
export function makeGitHubUpload(baseUrl: string, body: (moved: () => void) => ReadableStream | Buffer): Fetch {
  return async (address, init = {}) => {
    const request = describeRequest(address, init);
    const limit = startTimeLimit(idleLimit);
    try {
      // fetch keeps a copy of a request's body, the whole file in memory, for a possible redirect. These options, no window and no
      // redirect, prevent that. Source: fetch.spec.whatwg.org, HTTP-network-or-cache fetch.
      const answer = await send(baseUrl, address, {
        ...init,
        body: body(limit.moved),
        duplex: "half",
        window: null,
        redirect: "error",
        signal: limit.signal,
      });
      if (!answer.ok) {
        return replaceBody(answer, await readBodyStart(answer));
      }
      const bytes = await readBody(answer, { request, most: mostBytes.gitHub, signal: limit.signal });
      // The uploads host puts its own path in front.
      const path = /\/repos\/.*$/.exec(new URL(address).pathname)?.[0] ?? "";
      checkAnswer(bytes, { answer, request, path });
      return replaceBody(answer, bytes);
    } finally {
      limit.end();
    }
  };
}

/**
 * Makes the fetch for one download. A standstill has a time limit; the whole download has none. GitHub redirects to a storage at another
 * host; fetch does not send the token there.
 *
 * The body is read here: Node's fetch cancels the body when the response is garbage-collected, and Octokit returns only the body.
 * @param start called for each try; it returns a function that is called for each chunk, and throws to end the download
 * @param size in bytes, as GitHub says
 */
export function makeGitHubDownload(baseUrl: string, start: () => (chunk: Uint8Array) => void, size: number): Fetch {
  return async (address, init = {}) => {
    const request = describeRequest(address, init);
    const limit = startTimeLimit(idleLimit);
    try {
      const answer = await send(baseUrl, address, { ...init, signal: limit.signal });
      if (!answer.ok) {
        return replaceBody(answer, await readBodyStart(answer));
      }
      const take = start();
      let length = 0;
      try {
        for await (const chunk of answer.body ?? []) {
          limit.moved();
          length += chunk.length;
          take(chunk);
        }
      } catch (error) {
        if (error instanceof ServerRefusal) {
          throw error;
        }
        throw makeBrokenBodyRefusal(request, error, `the file broke off after ${length} bytes: `);
      }
      if (length !== size) {
        throw makeBrokenBodyRefusal(request, new Error(`the file has ${length} bytes, but GitHub says ${size}`));
      }
      return replaceBody(answer, "");
    } finally {
      limit.end();
    }
  };
}

/** `/repos/acme/app` of `https://host/api/v3/repos/acme/app?page=2`. */
function removeBaseUrl(baseUrl: string, address: string): string {
  return new URL(address).pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, "").length);
}

async function send(baseUrl: string, address: string, init: RequestInit): Promise<Response> {
  const request = describeRequest(address, init);
  if (!isGitHubs(baseUrl, address)) {
    throw makeForeignAddressRefusal(baseUrl, request);
  }
  try {
    return await fetch(address, init);
  } catch (error) {
    throw makeBrokenBodyRefusal(request, error);
  }
}

/** GitHub's API and its host for uploads: `uploads.` of the same host, or the API's own. */
function isGitHubs(baseUrl: string, address: string): boolean {
  const { origin, protocol, host } = new URL(baseUrl);
  return [origin, `${protocol}//uploads.${host.replace(/^api\./, "")}`].includes(new URL(address).origin);
}

function makeForeignAddressRefusal(baseUrl: string, request: string): ServerRefusal {
  const words = `GitHub named an address outside of ${new URL(baseUrl).origin}; nothing was sent there`;
  return new ServerRefusal({ request, status: 200, words });
}

function makeBrokenBodyRefusal(request: string, error: unknown, what = ""): ServerRefusal {
  return new ServerRefusal({ request, status: 0, words: `${what}${findNetworkWords(error)}` }, { cause: error });
}

function checkAnswer(
  bytes: Buffer,
  { answer, request, path }: { answer: Response; request: string; path: string },
): void {
  // 204 and 205 have no body; their routes return nothing.
  const empty = bytes.length === 0 && answer.status !== 200;
  let mistake: string | undefined;
  try {
    mistake = describeAnswerMistake(request.split(" ", 1)[0] ?? "", path, empty ? undefined : parseBoundedJson(bytes));
  } catch (error) {
    if (error instanceof TooManyValues) {
      throw new ServerRefusal({ request, status: answer.status, words: error.message });
    }
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    mistake = `incomplete, or not JSON (${bytes.length} bytes)`;
  }
  if (mistake === undefined) {
    return;
  }
  const words = `the answer with status ${answer.status} does not match GitHub's description: ${mistake}`;
  throw new ServerRefusal({ request, status: 0, words });
}

/** Octokit reads the body again, as text or JSON, and reads the headers. */
function replaceBody({ status, statusText, headers, url }: Response, body: Buffer | string): Response {
  const none = status === 204 || status === 205 || status === 304;
  const answer = new Response(none ? null : body, { status, statusText, headers });
  return Object.defineProperty(answer, "url", { value: url });
}

/** Method and address without user, password and query. */
function describeRequest(address: string, { method = "GET" }: RequestInit): string {
  const { origin, pathname } = new URL(address);
  return `${method} ${origin}${pathname}`;
}

/** Makes a signal that aborts when so many milliseconds have passed since the start, or since the last chunk. */
function startTimeLimit(milliseconds: number): { signal: AbortSignal; moved: () => void; end: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error(`no answer within ${milliseconds / 1000} s`));
  let timer = setTimeout(abort, milliseconds);
  return {
    signal: controller.signal,
    moved() {
      clearTimeout(timer);
      timer = setTimeout(abort, milliseconds);
    },
    end: () => clearTimeout(timer),
  };
}
