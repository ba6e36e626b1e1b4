import type { StackLock } from "../../formats/stack-lock.ts";

/** A process of this machine that lives. */
export interface LivingProcess {
  /** Its program, without folder: `pulumi`. Empty if that cannot be known. */
  program: string;
  /** When it started, in milliseconds since 1970; undefined if that cannot be known. */
  startedAt: number | undefined;
}

/** What decides about a lock besides the lock itself. */
export interface LockRules {
  /** What this machine calls itself. */
  host: string;
  /**
   * Whether a lock with that name was taken on this machine. False for runners of GitHub on a backend that others share: all machines that
   * GitHub starts from one image have the same name.
   */
  hostIsOurs: boolean;
  /** For a backend that is this job's alone (files that a workflow restored from a cache): when this process started. Else undefined. */
  privateSince: number | undefined;
  /** The present, in milliseconds since 1970. */
  now: number;
  /** Age in milliseconds from which a lock of another machine counts as left behind. */
  lockAge: number;
  /** Whether all locks count as left behind, except those of living processes of this machine. */
  breakLock: boolean;
}

/** `living`: its process lives on this machine. `held`: its run may live elsewhere. `stale`: it may be removed. */
export type LockVerdict = "living" | "held" | "stale";

/** Clocks are read in steps: a process and its first lock may seem to come in the wrong order by so many milliseconds. */
const step = 2_000;

/**
 * Judges a lock. Nothing makes the lock of a process that lives on this machine stale.
 * @param process the living process of this machine with the lock's number; undefined if there is none
 */
export function judgeLock(lock: StackLock, process: LivingProcess | undefined, rules: LockRules): LockVerdict {
  const here = lock.hostname === rules.host;
  if (here && process !== undefined && mayHold(lock, process)) {
    return "living";
  }
  if (here && rules.hostIsOurs) {
    return "stale";
  }
  if (rules.privateSince !== undefined && lock.takenAt < rules.privateSince) {
    return "stale";
  }
  return rules.breakLock || rules.now - lock.takenAt >= rules.lockAge ? "stale" : "held";
}

/**
 * A process that started after the lock was taken only has the holder's number again. Not so a Pulumi: when the clock is set while
 * it runs, its start seems to move, and a run that lives must not lose its lock by that.
 */
function mayHold({ takenAt }: StackLock, { program, startedAt }: LivingProcess): boolean {
  return startedAt === undefined || program === "pulumi" || startedAt <= takenAt + step;
}
