import { execa } from "execa";
import { pulumi, prepareStack } from "./stack-run.ts";
import type { StackRun } from "./stack-run.ts";
import { summary } from "./summary.ts";

/**
 * `npm run release -- --stack prod`: removes the lock that a killed run left (`pulumi cancel`), then `pulumi up`, then says what is
 * public. Running it again after any failure is the whole of the repair. Safe only under one concurrency group per lane: `cancel` also
 * removes the lock of a run that is alive.
 * @param args as prepareStack() takes them
 * @returns exit code
 */
export async function release(args: readonly string[]): Promise<number> {
  const run = await prepareStack(args);
  try {
    await removeLock(run);
    const code = await pulumi(["up", "--yes", "--skip-preview", ...run.flags, ...run.rest], run.environment);
    if (code === 0) process.stdout.write(`${await summary(run)}\n`);
    return code;
  } finally {
    await run.end();
  }
}

/**
 * Says nothing: Pulumi speaks of a cancelled update even where there was none, and Pulumi Cloud calls it an error that nothing runs. A lock
 * that really stays makes the `up` after it fail, with Pulumi's own words.
 */
async function removeLock({ stack, environment }: StackRun): Promise<void> {
  await execa("pulumi", ["cancel", "--yes", "--stack", stack], { env: environment, reject: false });
}
