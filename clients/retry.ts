import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import { ServerRefusal } from "../errors/server-refusal.ts";

/** All tries, including the first one. */
const tries = 5;
/** No wait is longer, in milliseconds, unless the server asks for more. */
const longestWait = 30_000;
/** If a server asks for a longer wait than this, in milliseconds, the work fails at once. */
const longestAskedWait = 120_000;

/** First wait in milliseconds, doubled each time. LOCKSTEP_RETRY_MS sets it (default 1000; tests use less). */
export function readFirstWait(): number {
  return Number(process.env["LOCKSTEP_RETRY_MS"] ?? 1000);
}

/**
 * Runs `work` again if it fails for a temporary reason (ServerRefusal.transient): five tries, waits doubling from one second to thirty,
 * longer if the server says when to come back. Only for work that may be done twice: reads, or flows that check before they write.
 * @param signal ends the waits; the work itself has to listen to it
 * @throws the last failure; a ServerRefusal is then marked `exhausted`, so that no caller tries again. If the signal ended work that had
 *   not failed before: the signal's reason
 */
export async function retried<T>(
  work: () => Promise<T>,
  onWait?: (refusal: ServerRefusal, attempt: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  let last: ServerRefusal | undefined;
  try {
    return await pRetry(work, {
      retries: tries - 1,
      minTimeout: readFirstWait(),
      maxTimeout: longestWait,
      factor: 2,
      randomize: true,
      ...(signal && { signal }),
      shouldRetry: ({ error }) => mayPass(error),
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (!(error instanceof ServerRefusal) || !mayPass(error) || retriesLeft === 0 || signal?.aborted) {
          return;
        }
        last = error;
        onWait?.(error, attemptNumber);
        if (error.retryAfter !== undefined) {
          await delay(error.retryAfter, undefined, { signal });
        }
      },
    });
  } catch (error) {
    if (signal?.aborted && (!(error instanceof ServerRefusal) || mayPass(error))) {
      throw last ? markExhausted(last) : signal.reason;
    }
    if (error instanceof ServerRefusal && mayPass(error)) {
      throw markExhausted(error);
    }
    throw error;
  }
}

function mayPass(error: unknown): boolean {
  return (
    error instanceof ServerRefusal && error.transient && !error.exhausted && (error.retryAfter ?? 0) <= longestAskedWait
  );
}

function markExhausted({ request, status, words, retryAfter, cause }: ServerRefusal): ServerRefusal {
  return new ServerRefusal({ request, status, words, retryAfter, exhausted: true }, { cause });
}
