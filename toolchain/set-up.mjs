import { join } from "node:path";
import { cacheFolder } from "./machine/machine.mjs";
import { withLock } from "./machine/lock.mjs";
import { Progress } from "./machine/progress.mjs";
import { ToolError } from "./machine/tool-error.mjs";
import { toolPaths } from "./machine/tool-paths.mjs";
import { comparedFolder, requireKnownFiles } from "./tool-sums.mjs";
import { tools } from "./tool-sets.mjs";

/** @typedef {import("./machine/machine.mjs").Machine} Machine */
/** @typedef {import("./machine/tool.mjs").Tool} Tool */

/**
 * Installs every tool that is missing. Installations run side by side unless one waits for another; builds run one after
 * another. The first failure gives all others up, and the next run continues with what they have done. If the environment
 * lists which files may be run, those that are there are compared before anything is started, and a tool that is installed
 * is compared before the next one uses it.
 *
 * @param {Machine} machine
 * @param {object} [options]
 * @param {readonly Tool[]} [options.wanted] default: what all commands need
 * @param {ConstructorParameters<typeof Progress>[0]} [options.stream] gets the progress; default: standard error
 * @param {AbortSignal} [options.signal] gives the set-up up
 * @throws {ToolError} a file may not be run, or a tool cannot be installed: which, why, and how to fix it
 */
export async function setUp(machine, { wanted = tools, stream = process.stderr, signal } = {}) {
  await requireKnownFiles(machine);
  const missing = wanted.filter((tool) => tool.found(machine) === undefined);
  if (missing.length === 0) {
    return;
  }
  if (machine.platform === "win32") {
    throw new ToolError("Windows itself is not supported: run this in WSL.");
  }
  for (const tool of missing) {
    await tool.check?.(machine);
  }

  const givenUp = new AbortController();
  const all = signal === undefined ? givenUp.signal : AbortSignal.any([signal, givenUp.signal]);
  const progress = new Progress(stream, wanted.length);
  const inQueue = buildQueue(machine, all);
  /** @type {Map<Tool, Promise<void>>} */
  const running = new Map();
  /** @type {unknown[]} */
  const failures = [];
  const ready = async (/** @type {Tool} */ tool) => running.get(tool);
  for (const tool of missing) {
    const title = `${tool.name} ${tool.version}`.trim();
    const row = progress.row(wanted.indexOf(tool) + 1, title);
    const job = { machine, say: row.say, note: row.note, signal: all, ready, inBuildQueue: inQueue(row.say) };
    // In the next turn of the event loop, because a tool may wait for one that comes later in the list.
    const done = Promise.resolve()
      .then(() => install(tool, job))
      .then(row.done)
      .catch((error) => {
        failures.push(error);
        if (!isBearable(error)) {
          givenUp.abort(error);
        }
        throw error;
      });
    running.set(tool, done);
  }
  await Promise.allSettled(running.values());
  progress.close();
  signal?.throwIfAborted();
  const failure = failures.find((error) => !isBearable(error));
  if (failure !== undefined) {
    throw failure;
  }
  for (const { message } of failures.filter(isBearable)) {
    stream.write(`${message}\n`);
  }
}

/**
 * @param {unknown} error
 * @returns {error is ToolError}
 */
function isBearable(error) {
  return error instanceof ToolError && error.bearable;
}

/**
 * @param {Tool} tool
 * @param {import("./machine/tool.mjs").Job} job
 * @returns {Promise<string>} where it came from
 */
function install(tool, job) {
  const { machine, say, signal } = job;
  const place = tool.path(machine);
  const onWait = (/** @type {number} */ pid) => say(`waiting for process ${pid}, which is installing it`);
  return withLock(place, { folder: toolPaths(machine).locks, onWait, signal }, async () => {
    const found = tool.found(machine); // the process that had the lock may have installed it
    const origin = found ?? (await tool.install(job));
    await requireKnownFiles(machine, comparedFolder(machine, place));
    return origin;
  });
}

/**
 * @param {Machine} machine
 * @param {AbortSignal} signal
 * @returns {(say: import("./machine/tool.mjs").Job["say"]) => import("./machine/tool.mjs").Job["inBuildQueue"]}
 */
function buildQueue(machine, signal) {
  const folder = toolPaths(machine).locks;
  const place = join(cacheFolder(machine), "go-build");
  let last = Promise.resolve();
  let waiting = 0;
  return (say) => (build) => {
    if (waiting > 0) {
      say("waiting for another build", true);
    }
    waiting += 1;
    const onWait = (/** @type {number} */ pid) => say(`waiting for a build of process ${pid}`);
    const next = last.then(() => withLock(place, { folder, onWait, signal }, build)).finally(() => (waiting -= 1));
    last = next.then(
      () => {},
      () => {},
    );
    return next;
  };
}
