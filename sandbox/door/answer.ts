import type { Readable } from "node:stream";

/** What a handler answers. A stream as body is piped, everything else is sent in one piece. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer | Readable;
  /** How a fault breaks the body on its way; default: it is sent whole. */
  broken?: BrokenBody;
}

/**
 * How a body is broken, its status and headers being true:
 * - `cut`: the first so many bytes are sent (below 1: that part of them), then the connection is closed, although the headers promise all;
 * - `endless`: blanks follow the body for as long as the peer reads;
 * - `drip`: a blank every so many milliseconds, for ever, and never the body.
 */
export type BrokenBody = { cut: number } | { endless: true } | { drip: number };
