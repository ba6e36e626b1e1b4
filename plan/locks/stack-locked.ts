import { ReleaseError } from "../../errors/release-error.ts";
import type { StackLock } from "../../formats/stack-lock.ts";
import type { LockVerdict } from "./stale-lock.ts";

/** A lock that stays where it is. */
export interface KeptLock {
  lock: StackLock;
  verdict: LockVerdict;
}

/**
 * Refuses to work on a stack that another run may be working on.
 * @param stack as `--stack` takes it
 * @param kept at least one
 * @param lockAge in milliseconds, as in LockRules
 * @returns STACK_LOCKED: who holds it, since when, and what to do
 */
export function stackLocked(stack: string, kept: readonly KeptLock[], lockAge: number): ReleaseError {
  const living = kept.filter(({ verdict }) => verdict === "living").map(({ lock }) => lock);
  const others = kept.filter(({ verdict }) => verdict !== "living").map(({ lock }) => lock);
  return new ReleaseError({
    code: "STACK_LOCKED",
    step: `taking the stack ${stack}`,
    reason: [
      ...living.map((lock) => `${holder(lock)}: that process lives on this machine\n  ${lock.name}`),
      ...others.map((lock) => `${holder(lock)}\n  ${lock.name}`),
    ].join("\n"),
    meaning:
      "Another run works on this stack, or was killed and left its lock. Of two that work on it at once, one loses its state. Nothing was started.",
    fix: [
      ...living.map(
        ({ pid }) => `Wait until process ${pid} has ended, or end it: \`kill ${pid}\`. Nothing else removes its lock.`,
      ),
      ...(others.length > 0 ? [waitOrBreak(others, lockAge)] : []),
    ].join("\n"),
    rerun: "yes, nothing has happened",
  });
}

/**
 * Refuses to work on a stack whose locks Pulumi names in words that are not understood.
 * @param stack as `--stack` takes it
 * @param words Pulumi's
 */
export function locksNotUnderstood(stack: string, words: string): ReleaseError {
  return new ReleaseError({
    code: "STACK_LOCKED",
    step: `taking the stack ${stack}`,
    reason: words,
    meaning: "The stack is locked, and who holds it cannot be read. Nothing was started.",
    fix: `Look whether another run lives. If none does: \`npm run pulumi -- cancel --stack ${stack}\`, which removes all locks of the stack.`,
    rerun: "yes, nothing has happened",
  });
}

function holder({ username, hostname, pid, takenAt }: StackLock): string {
  const since = `has it since ${time(takenAt)}`;
  return pid === 0 ? `an unknown run ${since}` : `${username}@${hostname} (process ${pid}) ${since}`;
}

function waitOrBreak(locks: readonly StackLock[], lockAge: number): string {
  const old = Math.max(...locks.map(({ takenAt }) => takenAt)) + lockAge;
  return `Look whether that run lives, and wait for its end if it does. If it was killed: run the same command with \`--break-lock\`, or after ${time(old)}, when the lock is old enough to be removed (\`--lock-age\`).`;
}

function time(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
