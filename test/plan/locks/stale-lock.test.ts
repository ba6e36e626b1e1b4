import { describe, expect, it } from "vitest";
import { parseLock } from "../../../formats/stack-lock.ts";
import { stackLocked } from "../../../plan/locks/stack-locked.ts";
import { judgeLock } from "../../../plan/locks/stale-lock.ts";
import type { LivingProcess, LockRules, LockVerdict } from "../../../plan/locks/stale-lock.ts";

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse("2026-01-15T12:00:00Z");

/** A lock of process 4711. */
function lockOf(hostname: string, takenAt: number) {
  const timestamp = new Date(takenAt).toISOString();
  return parseLock("a.json", JSON.stringify({ pid: 4711, username: "ada", hostname, timestamp }), 0);
}

const laptop: LockRules = {
  host: "laptop",
  hostIsOurs: true,
  privateSince: undefined,
  now,
  lockAge: 6 * hour,
  breakLock: false,
};
const forced = { ...laptop, breakLock: true };
/** A job on a machine of GitHub's with files that came from the workflow's cache. */
const restored = { ...laptop, privateSince: now - minute };
/** A job on a machine of GitHub's, with a database: machines of one image have one name. */
const hosted = { ...laptop, hostIsOurs: false };

const started = (before: number, program = "pulumi"): LivingProcess => ({ program, startedAt: now - before });
const hidden: LivingProcess = { program: "", startedAt: undefined };

type Case = [string, LockVerdict, LockRules, string, number, LivingProcess | undefined];

describe.each<Case>([
  ["the process is gone", "stale", laptop, "laptop", minute, undefined],
  ["the process lives", "living", laptop, "laptop", minute, started(2 * minute)],
  ["the process lives and the lock is old", "living", laptop, "laptop", 30 * hour, started(31 * hour)],
  ["the process lives, whatever is asked for", "living", forced, "laptop", minute, started(2 * minute)],
  ["the process lives beside files from a cache", "living", restored, "laptop", 2 * minute, started(3 * minute)],
  ["the process lives on a machine of GitHub's", "living", hosted, "laptop", minute, started(2 * minute)],
  ["another program got the number later", "stale", laptop, "laptop", 10 * minute, started(5 * minute, "node")],
  ["another program got the number at once", "living", laptop, "laptop", minute, started(minute - 1_900, "node")],
  ["a Pulumi with a start that seems later", "living", laptop, "laptop", 10 * minute, started(5 * minute)],
  ["the process is not shown to this user", "living", forced, "laptop", 10 * hour, hidden],
  ["another machine, young", "held", laptop, "server", 6 * hour - 1, undefined],
  ["another machine, old enough", "stale", laptop, "server", 6 * hour, undefined],
  ["another machine, and a process here has the number", "held", laptop, "server", minute, started(2 * minute)],
  ["another machine, whatever its age", "stale", forced, "server", minute, undefined],
  ["another machine whose clock is ahead", "held", laptop, "server", -minute, undefined],
  ["files from a cache, before this process", "stale", restored, "server", minute + 1, undefined],
  ["files from a cache, a process here has the number", "stale", restored, "server", minute + 1, started(0)],
  ["files from a cache, after this process", "held", restored, "server", minute - 1, undefined],
  ["a database, a machine of the same name", "held", hosted, "laptop", minute, undefined],
  ["a database, a machine of the same name, old enough", "stale", hosted, "laptop", 6 * hour, undefined],
])("judgeLock, when a lock is judged: %s", (_, verdict, rules, host, age, process) => {
  it(`is ${verdict}`, () => {
    expect(judgeLock(lockOf(host, now - age), process, rules)).toBe(verdict);
  });
});

describe("judgeLock, when a lock cannot be read", () => {
  it.each<[string, LockVerdict, LockRules, number]>([
    ["young", "held", laptop, minute],
    ["old", "stale", laptop, 6 * hour],
    ["young, and locks are to be broken", "stale", forced, minute],
    ["from a cache", "stale", restored, 2 * minute],
  ])("%s: %s", (_, verdict, rules, age) => {
    expect(judgeLock(parseLock("a.json", "{", now - age), undefined, rules)).toBe(verdict);
  });
});

describe("stackLocked", () => {
  const living = { lock: lockOf("laptop", now - hour), verdict: "living" } as const;
  const held = { lock: { ...lockOf("server", now - 2 * hour), name: "b.json" }, verdict: "held" } as const;
  const unknown = { lock: parseLock("c.json", "{", now - hour), verdict: "held" } as const;

  it("names who holds it since when, and never offers to break the lock of a process that lives here", () => {
    const { message } = stackLocked("prod", [living], 6 * hour);
    expect(message).toContain("ada@laptop (process 4711) has it since 2026-01-15T11:00:00Z: that process lives");
    expect(message).not.toContain("--break-lock");
  });

  it("says when a lock of another machine becomes old, by the youngest", () => {
    const { parts } = stackLocked("prod", [held, unknown], 6 * hour);
    expect(parts.reason).toContain("ada@server (process 4711) has it since 2026-01-15T10:00:00Z\n  b.json");
    expect(parts.reason).toContain("an unknown run has it since 2026-01-15T11:00:00Z\n  c.json");
    expect(parts.fix).toContain("`--break-lock`, or after 2026-01-15T17:00:00Z");
  });

  it("says both of both", () => {
    const { parts } = stackLocked("prod", [held, living], 6 * hour);
    expect(parts.fix.split("\n")).toEqual([
      expect.stringContaining("Wait until process 4711 has ended"),
      expect.stringContaining("--break-lock"),
    ]);
  });
});
