import { readArguments } from "./command-line/read-arguments.ts";
import { prepareStack, runPulumi } from "./stack/stack-run.ts";

/**
 * `npm run pulumi`: runs any command of Pulumi with the backend and the passphrase that `npm run release` uses.
 * @returns its exit code
 * @throws Misuse
 */
export async function pulumi(args: readonly string[]): Promise<number> {
  const { rest, flags, environment, end } = await prepareStack(readArguments("pulumi", args));
  try {
    return await runPulumi([...rest, ...flags], environment);
  } finally {
    await end();
  }
}
