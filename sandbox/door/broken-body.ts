import { setTimeout as delay } from "node:timers/promises";
import type { BrokenBody } from "./answer.ts";

/** Blanks that an endless body sends at once. */
const blanks = Buffer.alloc(64 * 1024, " ");

/** The headers of a broken body: those of a cut one promise all of its bytes; the others have no known length. */
export function brokenHeaders(broken: BrokenBody, whole: Buffer): Record<string, string> {
  return "cut" in broken ? { "content-length": String(whole.length) } : { "transfer-encoding": "chunked" };
}

/**
 * Yields the sent part of a body, piece by piece; after the last piece the connection is closed.
 * @param gone aborted when the peer no longer reads
 */
export async function* brokenBody(broken: BrokenBody, whole: Buffer, gone: AbortSignal): AsyncGenerator<Buffer> {
  if ("cut" in broken) {
    yield whole.subarray(0, broken.cut < 1 ? Math.floor(whole.length * broken.cut) : broken.cut);
    // Without this pause, the peer would see a reset connection and none of the bytes.
    await delay(5);
    return;
  }
  if ("endless" in broken) {
    yield whole;
    while (!gone.aborted) {
      yield blanks;
    }
    return;
  }
  while (!gone.aborted) {
    yield blanks.subarray(0, 1);
    await delay(broken.drip, undefined, { signal: gone }).catch(() => undefined);
  }
}
