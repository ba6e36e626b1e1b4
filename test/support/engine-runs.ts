import { ChildProcess } from "node:child_process";

/** A file of tests and how often it ran the engine. */
export interface EngineRuns {
  /** Path from the root. */
  path: string;
  runs: number;
}

/**
 * How many runs of the engine all tests together may have. Each takes four seconds of a processor and more: what a run shows must need
 * the engine. Raise it with the reason in the commit.
 */
export const engineBudget = 54;

const verbs: ReadonlySet<string> = new Set(["up", "preview", "destroy", "refresh", "import"]);
const commands: ReadonlySet<string> = new Set(["release", "preview", "start"]);

/** Whether a command makes the engine run a program: by itself, or as a command of Lockstep that does. */
export function isEngineRun(file: string, args: readonly string[]): boolean {
  if (/(^|\/)pulumi$/.test(file)) {
    return verbs.has(args[0] ?? "");
  }
  const at = args.findIndex((arg) => /(^|\/)commands\/main\.ts$/.test(arg));
  return at !== -1 && commands.has(args[at + 1] ?? "");
}

let started = 0;

/** How often this process has started a run of the engine. */
export function startedRuns(): number {
  return started;
}

/** What every way to start a process ends in; Node's types leave it out. */
interface Spawning {
  spawn(options: { file: string; args?: readonly string[] }): number;
}

const prototype = ChildProcess.prototype as unknown as Spawning;
const { spawn } = prototype;
prototype.spawn = function counted(options) {
  const [, ...args] = options.args ?? [];
  if (isEngineRun(options.file, args)) {
    started += 1;
  }
  return spawn.call(this, options);
};

/** What a person reads of the runs at the end: the files by their runs, and the sum beside the budget; nothing if there was no run. */
export function engineRunsText(all: readonly EngineRuns[], budget: number): { text: string; over: boolean } {
  const running = all.filter(({ runs }) => runs > 0).toSorted((one, other) => other.runs - one.runs);
  const sum = running.reduce((total, { runs }) => total + runs, 0);
  if (sum === 0) {
    return { text: "", over: false };
  }
  const rows = running.map(({ path, runs }) => `${String(runs).padStart(5)}  ${path}`);
  const verdict = sum > budget ? ", more than the budget" : "";
  return { text: `Runs of the engine: ${sum} of ${budget}${verdict}\n${rows.join("\n")}\n`, over: sum > budget };
}
