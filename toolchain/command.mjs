import { spawn } from "node:child_process";
import { isatty } from "node:tty";
import { ToolError } from "./machine/tool-error.mjs";

/** @type {NodeJS.Signals[]} */
const passedOn = ["SIGTERM", "SIGHUP", "SIGINT"];

/**
 * Runs a command in place of this process: same terminal, same process group. Signals are passed on, with one exception:
 * Ctrl-C at a terminal goes to the whole group, so the command already has it, and a second one makes Pulumi give up its
 * running steps instead of finishing them.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | NodeJS.Signals>} its exit code, or the signal that ended it
 * @throws {ToolError} there is no such command
 */
export async function runCommand(command, args, env) {
  const atTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const listener = (/** @type {NodeJS.Signals} */ signal) => {
    if (signal !== "SIGINT" || !atTerminal) {
      child.kill(signal);
    }
  };
  // Before the command starts, because it may end at once.
  for (const signal of passedOn) {
    process.on(signal, listener);
  }
  const child = spawn(command, args, { env, stdio: "inherit" });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
    });
  } catch (error) {
    throw new ToolError(`${command}: ${/** @type {Error} */ (error).message}`);
  } finally {
    for (const signal of passedOn) {
      process.off(signal, listener);
    }
  }
}
