import { readArguments } from "./command-line/read-arguments.ts";
import { prepareStack, runPulumi } from "./stack/stack-run.ts";

/**
 * `npm run preview`: shows what a release would do, for pull requests. Writes nothing that anyone else can read.
 * @returns exit code of `pulumi preview`
 * @throws Misuse
 */
export async function preview(args: readonly string[]): Promise<number> {
  const run = await prepareStack(readArguments("preview", args));
  try {
    return await runPulumi(["preview", ...run.flags, ...run.rest], run.environment);
  } finally {
    await run.end();
  }
}
