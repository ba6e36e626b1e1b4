import { shownLines } from "../errors/shown-text.ts";
import { hideSecrets } from "../errors/hide-secrets.ts";
import { Misuse } from "./command-line/misuse.ts";
import { requestIn } from "./command-line/request.ts";
import type { CommandName } from "./command-line/command-table.ts";

type Run = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it runs: help is there at once. */
const load: Readonly<Record<Exclude<CommandName, "help">, () => Promise<Run>>> = {
  start: async () => (await import("./start.ts")).start,
  preview: async () => (await import("./preview.ts")).preview,
  release: async () => (await import("./release.ts")).release,
  verify: async () => (await import("./verify.ts")).verify,
  packages: async () => (await import("./packages.ts")).packages,
  retention: async () => (await import("./retention.ts")).retention,
  before: async () => (await import("./before.ts")).before,
  pulumi: async () => (await import("./pulumi.ts")).pulumi,
  sandbox: async () => (await import("./sandbox.ts")).sandbox,
};

try {
  const request = requestIn(process.argv.slice(2));
  if ("help" in request) {
    process.stdout.write(`${request.help}\n`);
  } else {
    const run = await load[request.command]();
    process.exitCode = await run(request.args);
  }
} catch (error) {
  process.stderr.write(`${shownLines(hideSecrets(error instanceof Error ? error.message : String(error)))}\n`);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
