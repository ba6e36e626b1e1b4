import { relative } from "node:path";
import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { writeEnvironmentFile } from "./environment-file.ts";
import { runCommand } from "./terminal-command.ts";
import { startSandbox } from "./sandbox.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";

/** How the sandbox runs in a terminal. */
export interface RunSandboxOptions extends Partial<SandboxOptions> {
  /** Called when it is up, before its addresses are printed: the place to create repositories and stacks. If it fails, the sandbox ends. */
  onReady?: (sandbox: Sandbox) => Promise<void>;
  /** Gets each line of text; default: standard output. */
  print?: (line: string) => void;
}

/** Starts a sandbox, writes its `env` file, prints what to try, and runs until Ctrl-C, SIGTERM or SIGHUP. */
export async function runSandbox(options: RunSandboxOptions = {}): Promise<void> {
  const { onReady, print = (line) => void process.stdout.write(`${line}\n`), folder = ".sandbox", ...rest } = options;
  // Registered before the start: a signal during it must not leave half of the servers behind.
  // Closing the terminal also closes standard output; the servers must still end in order.
  process.stdout.on("error", () => undefined);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
  const sandbox = await startSandbox({ folder, ...rest });
  try {
    await onReady?.(sandbox);
    const env = relative(process.cwd(), await writeEnvironmentFile(sandbox));
    for (const line of welcome(sandbox, env)) {
      print(line);
    }
    const commands = process.stdin.isTTY ? readCommands(sandbox, print) : undefined;
    await stopped;
    commands?.close();
    print("Stopping.");
  } finally {
    await sandbox.close();
    for (const violation of sandbox.violations()) {
      print(`violation: ${violation}`);
    }
  }
}

/** Runs the commands that a person types. readline catches Ctrl-C, so it is passed on as a signal. */
function readCommands(sandbox: Sandbox, print: (line: string) => void): Interface {
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  input.on("line", (line) => {
    print(runCommand(sandbox, line));
    input.prompt();
  });
  input.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  input.prompt();
  return input;
}

function welcome({ addresses, builder, journal }: Sandbox, env: string): string[] {
  return [
    "The sandbox is up.",
    `  registry  ${addresses.registry}`,
    `  GitHub    ${addresses.web} (browser), ${addresses.api} (API)`,
    `  Sigstore  ${addresses.sigstore}`,
    `  builder   ${builder === undefined ? "none" : builder.kind}`,
    `  journal   ${relative(process.cwd(), journal.file)}`,
    "",
    `In another terminal: set -a; . ./${env}; set +a`,
    'To break something, type "help" here. Ctrl-C ends it; everything is kept for the next start.',
  ];
}
