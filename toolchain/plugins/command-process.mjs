import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { findFiles } from "./command-files.mjs";
import { archiveSignature, signatureKey } from "./wire-values.mjs";

/** @typedef {import("./command-inputs.mjs").CommandInputs} CommandInputs */

/**
 * @typedef {object} CommandOutputs What a command leaves behind.
 * @property {string} stdout Without the line end at its end.
 * @property {string} stderr As `stdout`.
 * @property {Record<string, object>} [assets] The files of `assetPaths`, by their path from the folder.
 * @property {object} [archive] The files of `archivePaths`.
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Ends every command that runs, with what it has started.
 *
 * @param {NodeJS.Signals} signal
 */
export function endCommands(signal) {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) {
        process.kill(-pid, signal); // the whole group
      }
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") {
        throw error;
      }
    }
  }
}

/**
 * Runs one command of a resource to its end: `create`, `update` or `delete`.
 *
 * @param {string} command
 * @param {CommandInputs} inputs
 * @param {Partial<CommandOutputs>} previous what the last command of the resource left behind
 * @param {(line: string) => void} onLine called for each line of the streams that `logging` names
 * @returns {Promise<CommandOutputs>}
 * @throws {Error} it cannot be started, or ends with another exit code than 0: how it ended, and what it printed
 */
export async function runCommand(command, inputs, previous, onLine) {
  const { interpreter = [], dir = process.cwd(), stdin = "", logging = "stdoutAndStderr" } = inputs;
  const [program = "/bin/sh", ...args] = interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"];
  const child = spawn(program, [...args, command], {
    cwd: dir,
    env: { ...process.env, ...inputs.environment, ...previousOutput(inputs, previous) },
    stdio: "pipe",
    detached: true, // in a process group of its own, so that what it starts ends with it
  });
  child.stdin.on("error", () => {}).end(stdin); // a command may end before it has read all of it
  const printed = { stdout: "", stderr: "", both: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"])) {
    if (logging === name || logging === "stdoutAndStderr") {
      createInterface({ input: child[name], crlfDelay: Infinity }).on("line", onLine);
    }
    child[name].setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      printed[name] += text;
      printed.both += text;
    });
  }
  running.add(child);
  try {
    const how = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(signal ?? code));
    });
    if (how !== 0) {
      const ended = typeof how === "string" ? `ended by ${how}` : `exit code ${how}`;
      throw new Error(`${ended}, of the command ${command}\n${printed.both}`);
    }
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw code === undefined ? error : new Error(`${program} cannot be started in ${dir}: ${code}`);
  } finally {
    running.delete(child);
  }
  return {
    stdout: printed.stdout.replace(/\n$/, ""),
    stderr: printed.stderr.replace(/\n$/, ""),
    ...(inputs.assetPaths && { assets: await findFiles(dir, inputs.assetPaths) }),
    ...(inputs.archivePaths && {
      archive: { [signatureKey]: archiveSignature, assets: await findFiles(dir, inputs.archivePaths) },
    }),
  };
}

/**
 * @param {CommandInputs} inputs
 * @param {Partial<CommandOutputs>} previous
 * @returns {Record<string, string>}
 */
function previousOutput({ addPreviousOutputInEnv = true }, { stdout = "", stderr = "" }) {
  return {
    ...(addPreviousOutputInEnv && stdout !== "" && { PULUMI_COMMAND_STDOUT: stdout }),
    ...(addPreviousOutputInEnv && stderr !== "" && { PULUMI_COMMAND_STDERR: stderr }),
  };
}
