#!/usr/bin/env node
import { runCommand } from "./command.mjs";
import { environment } from "./machine/environment.mjs";
import { thisMachine } from "./machine/machine.mjs";
import { setUp } from "./set-up.mjs";
import { ToolError } from "./machine/tool-error.mjs";
import { codeTools, conformanceTools, sandboxTools, stackTools, testTools, tools } from "./tool-sets.mjs";
import { sumsText, sumsVariable } from "./tool-sums.mjs";

const usage = `node toolchain/run.mjs [FOR] COMMAND ARGS…   install every tool that is missing, then run COMMAND
node toolchain/run.mjs [FOR] --env            … then print the environment as shell export lines
node toolchain/run.mjs [FOR] --sums           … then print the sha256 of the tools, for LOCKSTEP_TOOLS_SHA256
node toolchain/run.mjs [FOR]                  … then print which tools there are

FOR chooses the tools. Default: those of all commands, without those of the tests.
  --for-code          Node and the npm packages
  --for-stack         and Pulumi with the plugin of the stack that ARGS name (--stack, --config-file), and helm for charts
  --for-sandbox       and what the sandbox and a release into it need
  --for-tests         the default, and the command plugin, chromium, postgresql, cosign, gh
  --for-conformance   and Sigstore's real servers, an older Node and helm's loader as well`;

/** @type {ReadonlyMap<string | undefined, (args: readonly string[]) => readonly import("./machine/tool.mjs").Tool[]>} */
const sets = new Map([
  ["--for-code", () => codeTools],
  ["--for-stack", (/** @type {readonly string[]} */ args) => stackTools(args, process.cwd())],
  ["--for-sandbox", () => sandboxTools(machine.checkout)],
  ["--for-tests", () => testTools],
  ["--for-conformance", () => conformanceTools],
]);
const set = sets.get(process.argv[2]);
const [command, ...args] = process.argv.slice(set === undefined ? 2 : 3);
const machine = thisMachine();
const wanted = set?.(args) ?? tools;
// Someone who asks for the list has one that is out of date, or none.
if (command === "--sums") {
  machine.env = { ...machine.env, [sumsVariable]: undefined };
}

try {
  if (command === "--help") {
    console.log(usage);
  } else {
    await setUpUnlessEnded();
    if (command === undefined) {
      printTable();
    } else if (command === "--env") {
      printEnvironment();
    } else if (command === "--sums") {
      console.log(await sumsText(machine));
    } else {
      end(await runCommand(command, args, { ...machine.env, ...environment(machine) }));
    }
  }
} catch (error) {
  if (!(error instanceof ToolError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}

/** Sets up. A signal gives it up: its child processes are ended, and half-made files and locks are removed. */
async function setUpUnlessEnded() {
  const givenUp = new AbortController();
  /** @type {NodeJS.Signals | undefined} */
  let by;
  const listener = (/** @type {NodeJS.Signals} */ signal) => {
    by ??= signal;
    givenUp.abort();
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    process.on(signal, listener);
  }
  try {
    await setUp(machine, { wanted, signal: givenUp.signal });
  } catch (error) {
    if (by === undefined) {
      throw error;
    }
    for (const signal of signals) {
      process.off(signal, listener);
    }
    process.kill(process.pid, by);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // until the signal arrives: the command must not start
  } finally {
    for (const signal of signals) {
      process.off(signal, listener);
    }
  }
}

function printTable() {
  const rows = wanted.map((tool) => [tool.name, tool.version, tool.found(machine) ?? "missing", tool.path(machine)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

function printEnvironment() {
  for (const [name, value] of Object.entries(environment(machine))) {
    console.log(`export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  }
}

/**
 * Ends as the command ended, so that a caller sees no difference.
 *
 * @param {number | NodeJS.Signals} how
 */
function end(how) {
  if (typeof how === "number") {
    process.exitCode = how;
  } else {
    process.kill(process.pid, how);
  }
}
