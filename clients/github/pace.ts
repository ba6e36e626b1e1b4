import Bottleneck from "bottleneck";

/**
 * The pace of all requests of this process to GitHub: at most 10 at once, and at most 80 that create content in a minute.
 * Source: docs.github.com, rate limits for the REST API, "About secondary rate limits". LOCKSTEP_GITHUB_WRITES_PER_MINUTE and
 * LOCKSTEP_GITHUB_AT_ONCE set other numbers, for a private server; it cannot be switched off.
 */
export function makeGitHubPace(): {
  write: Bottleneck.Group;
  global: Bottleneck.Group;
  notifications: Bottleneck.Group;
} {
  const perMinute = readWritesPerMinute();
  const atOnce = readPositiveNumber("LOCKSTEP_GITHUB_AT_ONCE", 10);
  const writes = {
    reservoir: perMinute,
    reservoirRefreshAmount: perMinute,
    reservoirRefreshInterval: 60_000,
    maxConcurrent: atOnce,
  };
  return {
    global: new Bottleneck.Group({ maxConcurrent: atOnce }),
    write: new Bottleneck.Group(writes),
    // A Release notifies watchers. By default the plugin keeps such requests three seconds apart, on top of the limit that GitHub documents.
    notifications: new Bottleneck.Group({ maxConcurrent: 1 }),
  };
}

/** The same pace for someone else's client, which accepts a wait between two writes, in milliseconds. */
export function writeDelay(): number {
  return Math.ceil(60_000 / readWritesPerMinute());
}

function readWritesPerMinute(): number {
  return readPositiveNumber("LOCKSTEP_GITHUB_WRITES_PER_MINUTE", 80);
}

function readPositiveNumber(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
