import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { runChild } from "./child-process.mjs";
import { ToolError } from "./tool-error.mjs";
import { toolPaths } from "./tool-paths.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

const patience = 5000;
const validity = 3_600_000;

/** How the table of tools says that BuildKit and runc are not needed. */
export const dockerInstead = "not needed: a Docker engine with buildx answers";

/**
 * Reads the last answer of `askDockerEngine`, which is kept for an hour: asking is slow, and every run wants to know.
 *
 * @param {Machine} machine
 * @returns {boolean | undefined} undefined: never asked, or too long ago
 */
export function knownDockerEngine(machine) {
  try {
    const { answers, at } = JSON.parse(readFileSync(toolPaths(machine).dockerAnswer, "utf8"));
    return Date.now() - at < validity ? answers === true : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks whether a Docker engine with a working buildx is there, which can then build the images.
 *
 * @param {Machine} machine
 * @param {AbortSignal} signal
 */
export async function askDockerEngine(machine, signal) {
  let answers = true;
  try {
    const options = { env: machine.env, signal, timeout: patience };
    await runChild("docker", ["info"], options);
    await runChild("docker", ["buildx", "inspect", "--bootstrap"], options);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) {
      throw error;
    }
    answers = false;
  }
  const file = toolPaths(machine).dockerAnswer;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ answers, at: Date.now() }));
  return answers;
}
