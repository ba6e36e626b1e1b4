import { relative } from "node:path";
import { shellEnvironment, writeEnvironmentFile } from "../sandbox/environment-file.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { makeExampleProject } from "./example-project.ts";
import { release } from "./release.ts";

/**
 * `npm start`: starts the sandbox, releases the example project into it with the real `pulumi up`, prints what is public and how to check
 * it, and ends the sandbox.
 * @returns exit code of the release
 * @throws Misuse
 */
export async function start(args: readonly string[]): Promise<number> {
  const { keep } = readArguments("start", args).values;
  say("Starting the sandbox: an OCI registry, GitHub's API and a builder, all on this machine");
  const sandbox = await startSandbox({ folder: ".sandbox" });
  try {
    await makeExampleProject(sandbox);
    const env = await writeEnvironmentFile(sandbox);
    Object.assign(process.env, shellEnvironment(sandbox));
    say("Releasing the example project, examples/widgets, with `pulumi up`");
    const mark = sandbox.journal.mark();
    const code = await release(["--stack", "sandbox"]);
    say(trafficOf(sandbox, mark));
    if (code === 0 && !keep) {
      say(`To open the page, keep the sandbox running: \`npm start -- --keep\`, or \`npm run sandbox\`.`);
    }
    if (keep) {
      say(
        `The sandbox stays up until Ctrl-C. In another terminal:\n  set -a; . ./${relative(process.cwd(), env)}; set +a; npx pulumi up --stack sandbox`,
      );
      await untilSignal();
    }
    for (const violation of sandbox.violations()) {
      say(`An exchange broke GitHub's own description: ${violation}`);
    }
    return code;
  } finally {
    await sandbox.close();
  }
}

function trafficOf({ journal }: Sandbox, mark: number): string {
  const reads = journal.reads(mark).length;
  const writes = journal.writes(mark).length;
  return `${reads} reads and ${writes} writes reached the registry and GitHub${writes === 0 ? ": nothing to do" : ""}.`;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function say(text: string): void {
  process.stdout.write(`\n${text}\n`);
}
