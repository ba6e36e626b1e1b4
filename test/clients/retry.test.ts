import { beforeAll, describe, expect, it } from "vitest";
import { retried } from "../../clients/retry.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { failure } from "./failure.ts";

beforeAll(() => {
  process.env["LOCKSTEP_RETRY_MS"] = "1";
});

const refusal = (status: number, words = "no", retryAfter?: number): ServerRefusal =>
  new ServerRefusal({ request: "GET http://127.0.0.1/", status, words, retryAfter });

/** Runs work that always fails, and counts. */
async function triesOf(error: Error): Promise<number> {
  let tries = 0;
  await failure(
    Error,
    retried(async () => {
      tries++;
      throw error;
    }),
  );
  return tries;
}

describe("retried, when work fails each time", () => {
  it.each([
    [0, "ECONNRESET", 5],
    [408, "timeout", 5],
    [429, "toomanyrequests", 5],
    [500, "no", 5],
    [502, "no", 5],
    [503, "no", 5],
    [403, "You have exceeded a secondary rate limit", 5],
    [403, "permission_denied: write_package", 1],
    [400, "no", 1],
    [401, "no", 1],
    [404, "no", 1],
    [409, "no", 1],
    [422, "no", 1],
  ])("is tried as often as status %i (%s) may pass: %i", async (status, words, tries) => {
    expect(await triesOf(refusal(status, words))).toBe(tries);
  });
  it("is tried once where the failure is no server's", async () => {
    expect(await triesOf(new Error("a mistake"))).toBe(1);
  });
  it("is tried once where the server asks for longer than two minutes", async () => {
    expect(await triesOf(refusal(429, "later", 120_001))).toBe(1);
  });
  it("is tried five times in all where one retry stands in another", async () => {
    let tries = 0;
    const inner = () =>
      retried(async () => {
        tries++;
        throw refusal(503);
      });
    await failure(ServerRefusal, retried(inner));
    expect(tries).toBe(5);
  });
  it("throws the last refusal", async () => {
    let tries = 0;
    const work = retried(async () => {
      throw refusal(503, `words ${++tries}`);
    });
    expect((await failure(ServerRefusal, work)).words).toBe("words 5");
  });
  it("marks a passing refusal as exhausted", async () => {
    const work = retried(async () => {
      throw refusal(503);
    });
    expect((await failure(ServerRefusal, work)).exhausted).toBe(true);
  });
  it("does not mark a final refusal", async () => {
    const work = retried(async () => {
      throw refusal(422);
    });
    expect((await failure(ServerRefusal, work)).exhausted).toBe(false);
  });
});

describe("retried, when work fails for a while", () => {
  it("gives what it gave at last", async () => {
    let tries = 0;
    const work = retried(async () => {
      if (++tries < 5) {
        throw refusal(502);
      }
      return "done";
    });
    expect(await work).toBe("done");
  });
  it("tells of each wait, and not of the end", async () => {
    const told: number[] = [];
    const work = retried(
      async () => {
        throw refusal(502);
      },
      (_, attempt) => told.push(attempt),
    );
    await failure(ServerRefusal, work);
    expect(told).toEqual([1, 2, 3, 4]);
  });
  it("waits as long as the server asks for", async () => {
    const began = performance.now();
    let tries = 0;
    await retried(async () => {
      if (++tries === 1) {
        throw refusal(429, "later", 300);
      }
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(299);
  });
});

describe("retried, when a signal ends it", () => {
  it("does not wait any longer, and throws what failed", async () => {
    const clock = new AbortController();
    const work = retried(
      async () => {
        setImmediate(() => clock.abort());
        throw refusal(429, "later", 100_000);
      },
      undefined,
      clock.signal,
    );
    expect(await failure(ServerRefusal, work)).toMatchObject({ status: 429, exhausted: true });
  });
  it("throws the signal's reason if nothing had failed before", async () => {
    const reason = new Error("time is over");
    const clock = new AbortController();
    const work = retried(
      async () => {
        clock.abort(reason);
        throw refusal(0, "aborted");
      },
      undefined,
      clock.signal,
    );
    expect(await failure(Error, work)).toBe(reason);
  });
  it("throws a refusal that is for good as it is", async () => {
    const clock = new AbortController();
    const work = retried(
      async () => {
        clock.abort();
        throw refusal(403);
      },
      undefined,
      clock.signal,
    );
    expect(await failure(ServerRefusal, work)).toMatchObject({ status: 403, exhausted: false });
  });
});
