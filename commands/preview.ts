import { readArguments } from "./command-line/read-arguments.ts";
import { withRunFolder } from "./stack/run-folder.ts";
import { prepareStack, runPulumi } from "./stack/stack-run.ts";

/**
 * `npm run preview`: shows what a release would do, for pull requests. Writes nothing that anyone else can read.
 * @returns exit code of `pulumi preview`
 * @throws Misuse
 */
export async function preview(args: readonly string[]): Promise<number> {
  const run = await prepareStack(readArguments("preview", args));
  try {
    return await withRunFolder(run.environment, (environment) =>
      runPulumi(["preview", ...run.flags, ...run.rest], environment),
    );
  } finally {
    await run.end();
  }
}
