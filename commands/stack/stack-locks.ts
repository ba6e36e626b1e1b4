import { hostname } from "node:os";
import type { LockStore } from "../../clients/locks/lock-store.ts";
import { runStep } from "../../errors/explain-error.ts";
import type { StackLock } from "../../formats/stack-lock.ts";
import { judgeLock } from "../../plan/locks/stale-lock.ts";
import type { LivingProcess, LockRules } from "../../plan/locks/stale-lock.ts";
import { stackLocked } from "../../plan/locks/stack-locked.ts";
import type { KeptLock } from "../../plan/locks/stack-locked.ts";
import type { LocksBehindPulumi } from "./lock-backend.ts";
import { findLivingProcess } from "./living-process.ts";

/** What decides about a lock, without the present: that is read anew for each judgement. */
export type FixedRules = Omit<LockRules, "now">;

/**
 * The rules of this process.
 * @param backend as PULUMI_BACKEND_URL has it
 * @param env GITHUB_ACTIONS and RUNNER_ENVIRONMENT, which runners of GitHub Actions set
 */
export function rulesHere(
  backend: string,
  options: Pick<LockRules, "lockAge" | "breakLock">,
  env: NodeJS.ProcessEnv,
): FixedRules {
  const files = backend.startsWith("file://");
  const workflow = env["GITHUB_ACTIONS"] === "true";
  return {
    ...options,
    host: hostname(),
    hostIsOurs: files || !workflow || env["RUNNER_ENVIRONMENT"] === "self-hosted",
    privateSince: files && workflow ? performance.timeOrigin : undefined,
  };
}

/**
 * Removes the locks that earlier runs left on a stack. Each is judged again directly before it is removed.
 * @param stack as `--stack` names it
 * @param processOf finds the living process of a number; default: on this machine
 * @throws ReleaseError STACK_LOCKED if one stays, because its run lives or may live, or because a new one came; what the backend failed with
 */
export async function freeStack(
  stack: string,
  backend: LockStore | LocksBehindPulumi,
  rules: FixedRules,
  processOf: (pid: number) => Promise<LivingProcess | undefined> = findLivingProcess,
): Promise<void> {
  const judged = (locks: readonly StackLock[]): Promise<KeptLock[]> =>
    Promise.all(
      locks.map(async (lock) => {
        const process = await processOf(lock.pid);
        return { lock, verdict: judgeLock(lock, process, { ...rules, now: Date.now() }) };
      }),
    );
  const refuse = (kept: readonly KeptLock[]): void => {
    if (kept.length > 0) {
      throw stackLocked(stack, kept, rules.lockAge);
    }
  };
  const refuseUnlessStale = async (locks: readonly StackLock[]): Promise<void> =>
    refuse((await judged(locks)).filter(({ verdict }) => verdict !== "stale"));

  await runStep(`taking the stack ${stack}`, async () => {
    const found = await backend.list();
    await refuseUnlessStale(found);
    if (found.length === 0) {
      return;
    }
    if ("remove" in backend) {
      for (const lock of found) {
        await refuseUnlessStale([lock]);
        await backend.remove(lock);
      }
    } else {
      await refuseUnlessStale(await backend.list());
      await backend.removeAll();
    }
    refuse(await judged(await backend.list()));
  });
}
