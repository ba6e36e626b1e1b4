import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./answer.ts";
import { brokenBody, brokenHeaders } from "./broken-body.ts";
import type { FaultAct, Faults } from "./faults.ts";
import type { Door, Journal, JournalEntry } from "./journal.ts";
import { openPort } from "./open-port.ts";
import type { OpenPort } from "./open-port.ts";

/** One request on its way through a door. */
export interface Exchange {
  door: Door;
  method: string;
  /** Path and query as received. */
  path: string;
  url: URL;
  request: IncomingMessage;
  /** The request's headers, by names in lower case. */
  headers: IncomingHttpHeaders;
  /** Its line in the journal; handlers may set `repository` and `probe`. */
  entry: JournalEntry;
  /** The request body, counted for the journal. Read it at most once. */
  body(): AsyncGenerator<Buffer>;
  /** Aborted when the peer is gone before its answer was complete. */
  gone: AbortSignal;
}

/** Options of a door. */
export interface DoorOptions {
  /** Loopback port to listen on. */
  port: number;
  journal: Journal;
  faults: Faults;
  /** Round trip of a network on all connections, in milliseconds: half each way, and a whole one for a connect. Default 0: none. */
  delay?: number | undefined;
  /** Chooses the door of a path (one port may serve two). */
  doorOf(path: string): Door;
  /** `owner/name` for the journal, if the path names one. */
  repositoryOf(path: string): string | undefined;
  handle(exchange: Exchange): Promise<Answer>;
  /** Called for every handler that threw while its peer was still connected; the peer got a 500. */
  onFailure(exchange: Exchange, error: unknown): void;
}

/**
 * Opens an HTTP server on 127.0.0.1 that keeps the journal and applies the faults around `handle`. A TLS hello is
 * answered with a plain HTTP 400: clients that try TLS first then fall back at once; a closed socket makes them wait.
 */
export async function openDoor(options: DoorOptions): Promise<OpenPort> {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
    void serve(options, request, response);
  });
  server.on("clientError", (_error, socket: Socket) => {
    if (socket.writable) {
      socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    } else {
      socket.destroy();
    }
  });
  return openPort(server, options.port, options.delay ?? 0);
}

async function serve(options: DoorOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { journal, faults } = options;
  const path = request.url ?? "/";
  const door = options.doorOf(path);
  const method = request.method ?? "GET";
  const repository = options.repositoryOf(path);
  const entry = journal.arrive({ door, method, path, ...(repository === undefined ? {} : { repository }) });
  const gone = new AbortController();
  response.on("error", () => undefined);
  request.on("error", () => undefined);
  response.on("close", () => {
    journal.tick(entry);
    if (response.writableFinished) {
      entry.status = response.statusCode;
    } else {
      entry.status = 0;
      gone.abort();
    }
    journal.record(entry);
  });
  const exchange: Exchange = {
    door,
    method,
    path,
    url: new URL(path, "http://127.0.0.1"),
    request,
    headers: request.headers,
    entry,
    gone: gone.signal,
    async *body() {
      for await (const chunk of request) {
        entry.bytesIn += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    },
  };
  try {
    const early = await applyFault(faults.take("before", { door, method, path }), exchange);
    if (early === "stop") {
      return;
    }
    let answer = early ?? (await options.handle(exchange));
    if (early === undefined) {
      const late = await applyFault(faults.take("after", { door, method, path }), exchange, answer);
      if (late !== undefined && late !== "stop" && late.body !== answer.body) {
        discard(answer);
      }
      if (late === "stop") {
        discard(answer);
        return;
      }
      answer = late ?? answer;
    }
    await send(answer, exchange, response, journal);
  } catch (error) {
    // A failure behind the door, caused by a dying peer, may be reported before its death is noticed.
    if (gone.signal.aborted || request.socket.destroyed) {
      response.destroy();
      return;
    }
    options.onFailure(exchange, error);
    if (response.headersSent) {
      response.destroy();
    } else {
      const message = error instanceof Error ? error.message : String(error);
      await send({ status: 500, body: JSON.stringify({ message }) }, exchange, response, journal).catch(
        () => undefined,
      );
    }
  }
}

/**
 * Applies a fault. `undefined`: go on. `"stop"`: the connection is finished. An answer: send that.
 * @param answer the real one; undefined before the effect
 */
async function applyFault(
  act: FaultAct | undefined,
  exchange: Exchange,
  answer?: Answer,
): Promise<Answer | "stop" | undefined> {
  if (act === undefined) {
    return undefined;
  }
  if (typeof act === "function") {
    await act({ door: exchange.door, method: exchange.method, path: exchange.path });
    return undefined;
  }
  if (act === "reset") {
    exchange.request.socket.resetAndDestroy();
    return "stop";
  }
  if (act === "hang") {
    return "stop";
  }
  if ("change" in act || "cut" in act || "endless" in act || "drip" in act) {
    if (answer === undefined) {
      throw new Error("a fault that changes the real answer must be `after` the effect");
    }
    const { door, method, path } = exchange;
    return "change" in act ? changed(answer, act.change(answer, { door, method, path })) : { ...answer, broken: act };
  }
  const { status, body, headers } = act;
  const text = body === undefined || typeof body === "string" ? (body ?? "") : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  return { status, headers: { "content-type": type, ...headers }, body: text };
}

/** Replaces an answer because of a fault, without the real body's length, which does not apply to another body. */
function changed(answer: Answer, other: Answer): Answer {
  if (other.body === answer.body) {
    return other;
  }
  const { "content-length": _, ...headers } = other.headers ?? {};
  return { ...other, headers };
}

function discard(answer: Answer): void {
  if (answer.body instanceof Readable) {
    answer.body.on("error", () => undefined);
    answer.body.destroy();
  }
}

async function send(answer: Answer, exchange: Exchange, response: ServerResponse, journal: Journal): Promise<void> {
  const { status, headers = {}, body = "" } = answer;
  const { entry } = exchange;
  if (!response.writable) {
    discard(answer);
    return;
  }
  if (answer.broken !== undefined) {
    const whole = body instanceof Readable ? Buffer.concat(await body.toArray()) : Buffer.from(body);
    const { "content-length": _, ...others } = headers;
    response.writeHead(status, { ...others, ...brokenHeaders(answer.broken, whole) });
    // The headers leave before a body that may never end or never come.
    response.flushHeaders();
    for await (const chunk of brokenBody(answer.broken, whole, exchange.gone)) {
      entry.bytesOut += chunk.length;
      if (!response.write(chunk)) {
        await once(response, "drain", { signal: exchange.gone }).catch(() => undefined);
      }
    }
    entry.status = status;
    response.destroy();
    return;
  }
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    await pipeline(
      body,
      async function* meter(source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          entry.bytesOut += chunk.length;
          yield chunk;
        }
        finish(entry, status, journal);
      },
      response,
    );
    return;
  }
  const bytes = Buffer.from(body);
  // A HEAD answer gives the length that its GET would have; 204 and 304 have none.
  const length = status === 204 || status === 304 ? {} : { "content-length": String(bytes.length) };
  response.writeHead(status, { ...length, ...headers });
  entry.bytesOut = exchange.method === "HEAD" ? 0 : bytes.length;
  finish(entry, status, journal);
  response.end(bytes);
}

/**
 * Sets the end tick before the last byte leaves, so that a peer's next request always begins after it. The operating system
 * confirms the sending only later.
 */
function finish(entry: JournalEntry, status: number, journal: Journal): void {
  entry.status = status;
  journal.tick(entry);
}
