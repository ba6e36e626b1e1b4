import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ToolError } from "./tool-error.mjs";

const firstLines = 10;
const lastLines = 40;

/**
 * @typedef {object} ChildOptions
 * @property {NodeJS.ProcessEnv} env The whole environment of the child.
 * @property {string} [cwd] Folder it runs in. Default: this process's.
 * @property {(line: string) => void} [onLine] Called for each line of its output and its errors.
 * @property {number} [timeout] Milliseconds after which it is ended and counts as failed. Default: no limit.
 * @property {AbortSignal} [signal] Ends it when set-up is given up, with SIGINT, so that it can clean up.
 */

/**
 * Runs a program to its end without a terminal, and keeps its output for the error: the first 10 lines, because npm gives
 * its reason before a page of usage, and the last 40.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {ChildOptions} options
 * @returns {Promise<void>}
 * @throws {ToolError} it cannot be started, fails, runs too long or is ended. `missing`: there is no such program
 */
export async function runChild(command, args, { env, cwd, onLine, timeout, signal }) {
  signal?.throwIfAborted();
  const child = spawn(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  /** @type {string[]} */
  const lines = [];
  let left = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
      lines.push(line);
      if (lines.length > firstLines + lastLines) {
        left += lines.splice(firstLines, 1).length;
      }
      onLine?.(line);
    });
  }
  let why = "";
  const end = (/** @type {string} */ reason) => {
    why = reason;
    child.kill("SIGINT");
  };
  const timer = timeout === undefined ? undefined : setTimeout(() => end(`no end after ${timeout / 1000} s`), timeout);
  const onAbort = () => end("given up");
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const failure = await new Promise((/** @type {(failure: string | undefined) => void} */ resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, killer) => {
        resolve(code === 0 ? undefined : why || (code === null ? `ended by ${killer}` : `exit code ${code}`));
      });
    });
    if (failure !== undefined) {
      throw failed(`${command} ${args.join(" ")}: ${failure}`, lines, left);
    }
  } catch (error) {
    if (error instanceof ToolError) {
      throw error;
    }
    const missing = /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT";
    throw new ToolError(`${command}: ${/** @type {Error} */ (error).message}`, { missing });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * @param {string} message
 * @param {string[]} lines
 * @param {number} left how many lines are left out after the first ones
 */
function failed(message, lines, left) {
  if (left > 0) {
    lines.splice(firstLines, 0, `… ${left} lines …`);
  }
  return new ToolError([message, ...lines.map((line) => `  ${line}`)].join("\n"));
}
