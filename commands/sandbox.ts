import { runSandbox } from "../sandbox/run-sandbox.ts";
import { shellEnvironment } from "../sandbox/environment-file.ts";
import { makeExampleProject } from "./example-project.ts";
import { prepareStack } from "./stack/stack-run.ts";

/**
 * `npm run sandbox`: the sandbox with the example project and an empty stack `sandbox` in it, until Ctrl-C.
 * @param args `--allow-delete` makes the registry accept deletes
 * @returns exit code
 */
export async function sandbox(args: readonly string[]): Promise<number> {
  await runSandbox({
    allowDelete: args.includes("--allow-delete"),
    onReady: async (running) => {
      await makeExampleProject(running);
      Object.assign(process.env, shellEnvironment(running));
      await prepareStack(["--stack", "sandbox"]);
    },
  });
  return 0;
}
