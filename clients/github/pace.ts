import Bottleneck from "bottleneck";

/** How many requests that create content GitHub accepts. */
export interface WriteLimits {
  perMinute: number;
  perHour: number;
}

/**
 * The limits of requests that create content: 80 a minute and 500 an hour. LOCKSTEP_GITHUB_WRITES_PER_MINUTE and
 * LOCKSTEP_GITHUB_WRITES_PER_HOUR set other numbers, for a private server; neither can be switched off.
 * Source: docs.github.com, rate limits for the REST API, "About secondary rate limits".
 */
export function readWriteLimits(): WriteLimits {
  return {
    perMinute: readPositiveNumber("LOCKSTEP_GITHUB_WRITES_PER_MINUTE", 80),
    perHour: readPositiveNumber("LOCKSTEP_GITHUB_WRITES_PER_HOUR", 500),
  };
}

/**
 * The pace of all requests of this process to GitHub: the limits of readWriteLimits(), and at most 10 requests at once, or
 * LOCKSTEP_GITHUB_AT_ONCE.
 */
export function makeGitHubPace(): {
  write: Bottleneck.Group;
  global: Bottleneck.Group;
  notifications: Bottleneck.Group;
} {
  const { perMinute, perHour } = readWriteLimits();
  const atOnce = readPositiveNumber("LOCKSTEP_GITHUB_AT_ONCE", 10);
  const write = new Bottleneck.Group({ ...makeReservoir(perMinute, 60_000), maxConcurrent: atOnce });
  // A group forgets a limiter that has been idle for minutes, and with it what was used up. The hour's must outlive that.
  const hour = new Bottleneck(makeReservoir(perHour, 3_600_000));
  write.on("created", (limiter) => limiter.chain(hour));
  return {
    global: new Bottleneck.Group({ maxConcurrent: atOnce }),
    write,
    // A Release notifies watchers. By default the plugin keeps such requests three seconds apart, on top of the limit that GitHub documents.
    notifications: new Bottleneck.Group({ maxConcurrent: 1 }),
  };
}

/** The pace of a minute for someone else's client, which accepts a wait between two writes, in milliseconds. */
export function writeDelay(): number {
  return Math.ceil(60_000 / readWriteLimits().perMinute);
}

function makeReservoir(amount: number, interval: number): Bottleneck.ConstructorOptions {
  return { reservoir: amount, reservoirRefreshAmount: amount, reservoirRefreshInterval: interval };
}

function readPositiveNumber(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
