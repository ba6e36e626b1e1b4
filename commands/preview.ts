import { pulumi, prepareStack } from "./stack/stack-run.ts";

/**
 * `npm run preview -- --stack prod`: what a release would do, for pull requests. Writes nothing that anybody else can read.
 * @param args as prepareStack() takes them
 * @returns exit code
 */
export async function preview(args: readonly string[]): Promise<number> {
  const run = await prepareStack(args);
  try {
    return await pulumi(["preview", ...run.flags, ...run.rest], run.environment);
  } finally {
    await run.end();
  }
}
