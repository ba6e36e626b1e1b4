import type { Readable } from "node:stream";

/** A handler's answer. A stream as body is piped, everything else is sent in one piece. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer | Readable;
  /** How a fault breaks the body in transit; default: it is sent whole. */
  broken?: BrokenBody;
}

/**
 * How a body is broken, while status and headers are correct:
 * - `cut`: the first so many bytes are sent (below 1: that part of them), then the connection is closed, although the headers promise all;
 * - `endless`: blanks follow the body for as long as the peer reads;
 * - `drip`: a blank every so many milliseconds, forever, and never the body.
 */
export type BrokenBody = { cut: number } | { endless: true } | { drip: number };
