import { currentContext } from "./processes.ts";
import type { Process } from "./processes.ts";

/** A request that a run has sent. */
export interface SentRequest {
  /** In the order of sending, over all runs. */
  number: number;
  process: Process;
  /** The step that sent it. */
  step: string;
  method: string;
  url: URL;
  headers: Headers;
  body: Buffer;
  /** Has the run get an answer. */
  answer(reply: Reply): void;
  /** Has the run see a broken connection. */
  breakOff(): void;
}

/** A server's answer. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

let sent = 0;
let receiver: (request: SentRequest) => void = () => {};

/** How many requests were ever sent: more than before means that something has moved. */
export function countRequests(): number {
  return sent;
}

/** Makes `fetch` hand every request to `receive`, which decides when it takes effect and what comes back. */
export function installNetwork(receive: (request: SentRequest) => void): void {
  receiver = receive;
  globalThis.fetch = (input, init) => send(new URL(input instanceof Request ? input.url : input), init ?? {});
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  const { process, step } = currentContext();
  const body = await readBody(init.body);
  return new Promise((resolve, reject) => {
    if (process.dead) {
      return;
    }
    if (init.signal?.aborted) {
      reject(init.signal.reason as Error);
      return;
    }
    // A process that is gone gets nothing: its promise stays open for good.
    const whileAlive = (act: () => void): void => {
      if (!process.dead) {
        act();
      }
    };
    init.signal?.addEventListener("abort", () => whileAlive(() => reject(init.signal?.reason as Error)));
    sent += 1;
    receiver({
      number: sent,
      process,
      step,
      method: init.method ?? "GET",
      url,
      headers: new Headers(init.headers),
      body,
      answer: (reply) => whileAlive(() => resolve(makeResponse(url, reply))),
      breakOff: () => whileAlive(() => reject(new TypeError("fetch failed", { cause: new Error("read ECONNRESET") }))),
    });
  });
}

async function readBody(body: RequestInit["body"]): Promise<Buffer> {
  if (body === undefined || body === null) {
    return Buffer.alloc(0);
  }
  return Buffer.from(await new Response(body).arrayBuffer());
}

function makeResponse(url: URL, { status, headers = {}, body = "" }: Reply): Response {
  const none = status === 204 || status === 304;
  const response = new Response(none ? null : new Uint8Array(Buffer.from(body)), { status, headers });
  return Object.defineProperty(response, "url", { value: url.href });
}
