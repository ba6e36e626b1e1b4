import { lockBackend } from "./stack/lock-backend.ts";
import { takeLockOptions } from "./options/lock-options.ts";
import { freeStack, rulesHere } from "./stack/stack-locks.ts";
import { pulumi, prepareStack } from "./stack/stack-run.ts";
import { summary } from "./summary.ts";

/**
 * `npm run release -- --stack prod`: removes the locks that killed runs left (docs/locks.md), then `pulumi up`, then says what is public.
 * Running it again after any failure is the whole of the repair.
 * @param args as prepareStack() takes them, and `--lock-age`, `--break-lock`
 * @returns exit code
 * @throws ReleaseError STACK_LOCKED if another run works on the stack, or may
 */
export async function release(args: readonly string[]): Promise<number> {
  const { options, rest } = takeLockOptions(args);
  const run = await prepareStack(rest, async (stack, environment) => {
    const backend = await lockBackend(stack, environment);
    if (backend !== undefined) {
      return freeStack(stack, backend, rulesHere(environment["PULUMI_BACKEND_URL"] ?? "", options, process.env));
    }
    if (options.breakLock) {
      throw new Error(
        `--break-lock is not for Pulumi Cloud, which does not say who works on a stack. If no run lives: npm run pulumi -- cancel --stack ${stack}`,
      );
    }
  });
  try {
    const code = await pulumi(["up", "--yes", "--skip-preview", ...run.flags, ...run.rest], run.environment);
    if (code === 0) {
      process.stdout.write(`${await summary(run)}\n`);
    }
    return code;
  } finally {
    await run.end();
  }
}
