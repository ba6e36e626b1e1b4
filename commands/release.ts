import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "./command-line/read-arguments.ts";
import { chooseCheckpoints } from "./stack/checkpoints.ts";
import { findLockBackend } from "./stack/lock-backend.ts";
import { withRunFolder } from "./stack/run-folder.ts";
import { configFileOf } from "./stack/stack-config.ts";
import { freeStack, rulesHere } from "./stack/stack-locks.ts";
import { prepareStack, runPulumi } from "./stack/stack-run.ts";
import { appendStepSummary } from "./step-summary.ts";
import { summarize, summarizeFailure } from "./summary.ts";

/**
 * `npm run release`: removes the locks that killed runs left (docs/locks.md), runs `pulumi up`, and prints what is public, also as the
 * summary of a GitHub Actions step. After any failure, running it again is the repair.
 * @returns exit code of `pulumi up`
 * @throws Misuse; ReleaseError STACK_LOCKED if another run works on the stack, or may be working on it
 */
export async function release(args: readonly string[]): Promise<number> {
  const line = readArguments("release", args);
  const locks = { lockAge: line.values["lock-age"], breakLock: line.values["break-lock"] };
  const run = await prepareStack(line, async (stack, environment) => {
    const backend = await findLockBackend(stack, environment);
    if (backend !== undefined) {
      return freeStack(stack, backend, rulesHere(environment["PULUMI_BACKEND_URL"] ?? "", locks, process.env));
    }
    if (locks.breakLock) {
      throw new Error(
        `--break-lock does not work with Pulumi Cloud, which does not say who works on a stack. If no run is alive: npm run pulumi -- cancel --stack ${stack}`,
      );
    }
  });
  const folder = await mkdtemp(join(tmpdir(), "lockstep-events-"));
  const events = join(folder, "events.json");
  try {
    // Pulumi has --event-log only for those who ask for its debugging commands.
    const up = ["up", "--yes", "--skip-preview", "--event-log", events, ...run.flags, ...run.rest];
    const checkpoints = await chooseCheckpoints(configFileOf(line.values), process.env);
    const own = { ...run.environment, ...checkpoints, PULUMI_DEBUG_COMMANDS: "1" };
    const code = await withRunFolder(own, (environment) => runPulumi(up, environment));
    const { terminal, markdown } = code === 0 ? await summarize(run) : await summarizeFailure(events);
    process.stdout.write(`${terminal}\n`);
    await appendStepSummary(markdown, process.env);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await run.end();
  }
}
