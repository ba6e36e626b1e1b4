import { readArguments } from "./command-line/read-arguments.ts";
import { pulumi as run, prepareStack } from "./stack/stack-run.ts";

/**
 * `npm run pulumi`: runs any command of Pulumi with the backend and the passphrase that `npm run release` uses.
 * @returns its exit code
 * @throws Misuse
 */
export async function pulumi(args: readonly string[]): Promise<number> {
  const { rest, flags, environment, end } = await prepareStack(readArguments("pulumi", args));
  try {
    return await run([...rest, ...flags], environment);
  } finally {
    await end();
  }
}
