import { relative } from "node:path";
import { shellEnvironment, writeEnvironmentFile } from "../sandbox/environment-file.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { makeExampleProject } from "./example-project.ts";
import { release } from "./release.ts";

/**
 * `npm start`: starts the sandbox, releases the example project into it with the real `pulumi up`, says what is there now and how to
 * look at it, and ends the sandbox.
 * @param args `--keep` leaves the sandbox up until Ctrl-C
 * @returns exit code of the release
 */
export async function start(args: readonly string[]): Promise<number> {
  const keep = args.includes("--keep");
  say("Starting the sandbox: an OCI registry, GitHub's API and a builder, all on this machine");
  const sandbox = await startSandbox({ folder: ".sandbox" });
  try {
    await makeExampleProject(sandbox);
    const env = await writeEnvironmentFile(sandbox);
    Object.assign(process.env, shellEnvironment(sandbox));
    say("Releasing the example project, examples/widgets, with `pulumi up`");
    const mark = sandbox.journal.mark();
    const code = await release(["--stack", "sandbox"]);
    say(told(sandbox, mark));
    if (code === 0 && !keep) {
      say(`The page is there while the sandbox runs: \`npm start -- --keep\`, or \`npm run sandbox\`.`);
    }
    if (keep) {
      say(
        `The sandbox stays up until Ctrl-C. In another terminal:\n  set -a; . ./${relative(process.cwd(), env)}; set +a; npx pulumi up --stack sandbox`,
      );
      await stopped();
    }
    for (const violation of sandbox.violations()) {
      say(`An exchange broke GitHub's own description: ${violation}`);
    }
    return code;
  } finally {
    await sandbox.close();
  }
}

function told({ journal }: Sandbox, mark: number): string {
  const reads = journal.reads(mark).length;
  const writes = journal.writes(mark).length;
  return `${reads} reads and ${writes} writes reached the registry and GitHub${writes === 0 ? ": nothing to do" : ""}.`;
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
}

function say(text: string): void {
  process.stdout.write(`\n${text}\n`);
}
