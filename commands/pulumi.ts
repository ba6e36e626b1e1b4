import { pulumi as run, prepareStack } from "./stack/stack-run.ts";

/**
 * `npm run pulumi -- destroy --stack org`: any command of Pulumi, with the backend and the passphrase that `npm run release` uses.
 * @param args Pulumi's command and its arguments, with `--stack NAME`
 * @returns exit code
 */
export async function pulumi(args: readonly string[]): Promise<number> {
  const { rest, flags, environment, end } = await prepareStack(args);
  try {
    return await run([...rest, ...flags], environment);
  } finally {
    await end();
  }
}
