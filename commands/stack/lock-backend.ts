import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { backendFolder, lockFiles } from "../../clients/locks/lock-files.ts";
import { lockRows } from "../../clients/locks/lock-rows.ts";
import type { LockStore } from "../../clients/locks/lock-store.ts";
import { lockFolder, refusingLocks } from "../../formats/stack-lock.ts";
import type { StackLock } from "../../formats/stack-lock.ts";
import { locksNotUnderstood } from "../../plan/locks/stack-locked.ts";
import { initStack } from "./stack-run.ts";

/** The locks of one stack, in a backend that only Pulumi reads. */
export interface LocksBehindPulumi {
  /** @throws ReleaseError STACK_LOCKED if Pulumi's words are not understood */
  list(): Promise<StackLock[]>;
  /** Removes all that are there by now. @throws Error with Pulumi's words */
  removeAll(): Promise<void>;
}

/**
 * The locks of a stack, in the backend that PULUMI_BACKEND_URL names.
 * @param stack as `--stack` names it, of the project in the current folder
 * @param environment with PULUMI_BACKEND_URL
 * @returns undefined for Pulumi Cloud, which has no locks: it frees a stack whose run has been silent for some minutes
 */
export async function findLockBackend(
  stack: string,
  environment: Readonly<Record<string, string>>,
): Promise<LockStore | LocksBehindPulumi | undefined> {
  const backend = environment["PULUMI_BACKEND_URL"] ?? "";
  if (/^https?:/.test(backend)) {
    return undefined;
  }
  const { name } = parse(await readFile("Pulumi.yaml", "utf8")) as { name: string };
  const folder = lockFolder(stack, name);
  if (backend.startsWith("file://")) {
    return lockFiles(join(backendFolder(backend), folder));
  }
  if (backend.startsWith("postgres://")) {
    return lockRows(backend, folder);
  }
  return locksBehindPulumi(stack, environment);
}

/**
 * The locks of a stack, by Pulumi's own commands. `stack init` locks the stack before it checks whether the stack exists: it names the locks,
 * or makes the stack that the run needs anyway, or says that it is there. No other command of Pulumi shows locks without doing something.
 * @param env with PULUMI_BACKEND_URL
 */
export function locksBehindPulumi(stack: string, env: Readonly<Record<string, string>>): LocksBehindPulumi {
  return {
    async list() {
      const { stderr } = await initStack(stack, env);
      const locks = refusingLocks(stderr);
      if (locks === undefined) {
        throw locksNotUnderstood(stack, stderr);
      }
      return locks;
    },
    async removeAll() {
      await execa("pulumi", ["cancel", "--yes", "--stack", stack], { env });
    },
  };
}
