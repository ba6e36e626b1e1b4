import { runSandbox } from "../sandbox/run-sandbox.ts";
import { shellEnvironment } from "../sandbox/environment-file.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { makeExampleProject } from "./example-project.ts";
import { prepareStack } from "./stack/stack-run.ts";

/**
 * `npm run sandbox`: starts the sandbox with the example project and an empty stack `sandbox` in it, and stays until Ctrl-C.
 * @returns 0
 * @throws Misuse
 */
export async function sandbox(args: readonly string[]): Promise<number> {
  const { values } = readArguments("sandbox", args);
  await runSandbox({
    allowDelete: values["allow-delete"],
    delay: values.delay,
    onReady: async (running) => {
      await makeExampleProject(running);
      Object.assign(process.env, shellEnvironment(running));
      await prepareStack({ values: { stack: "sandbox", "config-file": undefined }, others: [] });
    },
  });
  return 0;
}
