import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ToolError } from "../machine/tool-error.mjs";

/** @typedef {import("../machine/tool.mjs").Job} Job */

/**
 * @typedef {object} TransferLimits When a transfer is given up, in milliseconds.
 * @property {number} answer Until the host begins to answer.
 * @property {number} idle Between two pieces of the answer.
 * @property {number} whole From the first byte of the request to the last one of the answer.
 */

/**
 * A closed network often swallows packets instead of refusing them, so a host must begin to answer soon.
 *
 * @type {TransferLimits}
 */
export const transferLimits = { answer: 5000, idle: 30_000, whole: 600_000 };

const largestText = 16 * 1024 ** 2;
const largestFile = 1024 ** 3;
const megabyte = 1_000_000;

/**
 * Asks whether a host has a file, without fetching it.
 *
 * @param {Job} job
 * @param {string} url
 * @param {TransferLimits} [limits]
 * @throws {ToolError} `absent`: the host cannot be reached, or does not have it
 */
export async function requireFile(job, url, limits = transferLimits) {
  await transfer(job, url, { method: "HEAD", limits, largest: 0 }, async () => {});
}

/**
 * Fetches a text of at most 16 MiB.
 *
 * @param {Job} job
 * @param {string} url
 * @param {TransferLimits} [limits]
 * @returns {Promise<string>}
 * @throws {ToolError} `absent`: the host cannot be reached, or does not have it. Otherwise the answer was cut off, too slow
 *   or too long
 */
export async function fetchText(job, url, limits = transferLimits) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  await transfer(job, url, { limits, largest: largestText }, async (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Fetches a file of at most 1 GiB, and reports how far it is.
 *
 * @param {Job} job
 * @param {string} url
 * @param {string} file where to put it; it is cut short if this fails
 * @param {TransferLimits} [limits]
 * @returns {Promise<string>} its sha256: hex, lower case
 * @throws {ToolError} as fetchText()
 */
export async function fetchFile(job, url, file, limits = transferLimits) {
  const hash = createHash("sha256");
  const handle = await open(file, "w");
  let received = 0;
  try {
    await transfer(job, url, { limits, largest: largestFile }, async (chunk, size) => {
      hash.update(chunk);
      await handle.writeFile(chunk);
      const before = Math.floor(received / megabyte);
      received += chunk.length;
      const now = Math.floor(received / megabyte);
      if (now > before) {
        job.say(`downloading, ${now}${size > 0 ? ` of ${Math.ceil(size / megabyte)}` : ""} MB`);
      }
    });
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/**
 * @param {Job} job
 * @param {string} url
 * @param {{ method?: string, limits: TransferLimits, largest: number }} how `largest`: bytes of the answer
 * @param {(chunk: Uint8Array, size: number) => Promise<void>} onChunk `size`: bytes of the whole answer, 0 if unknown
 */
async function transfer({ machine, signal }, url, { method = "GET", limits, largest }, onChunk) {
  const givenUp = new AbortController();
  const giveUpAfter = (/** @type {number} */ time, /** @type {string} */ why, absent = false) =>
    setTimeout(() => givenUp.abort(new ToolError(`${url}: ${why} ${time / 1000} s`, { absent })), time);
  const whole = giveUpAfter(limits.whole, "not complete after");
  let pause = giveUpAfter(limits.answer, "no answer in", true);
  let answered = false;
  try {
    const response = await machine.fetch(url, {
      method,
      headers: { "accept-encoding": "identity" }, // the bytes that were published, not what a server compresses again
      signal: AbortSignal.any([signal, givenUp.signal]),
    });
    if (!response.ok) {
      throw new ToolError(`${url}: HTTP ${response.status}`, { absent: true });
    }
    answered = true;
    clearTimeout(pause);
    pause = giveUpAfter(limits.idle, "nothing came for");
    const size = Number(response.headers.get("content-length") ?? 0);
    let received = 0;
    for await (const chunk of response.body ?? []) {
      pause.refresh();
      received += chunk.length;
      if (received > largest) {
        throw new ToolError(`${url}: longer than ${largest} bytes`);
      }
      await onChunk(chunk, size);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (givenUp.signal.aborted) {
      throw givenUp.signal.reason;
    }
    if (error instanceof ToolError || isDiskError(error)) {
      throw error;
    }
    throw new ToolError(`${url}: ${answered ? "cut off: " : ""}${reasonOf(error)}`, { absent: !answered });
  } finally {
    clearTimeout(whole);
    clearTimeout(pause);
    givenUp.abort(); // an answer that was not read to its end would keep the connection open
  }
}

/**
 * Whether the file could not be written. fetch() puts the errors of the network into the `cause` of its own.
 *
 * @param {unknown} error
 */
function isDiskError(error) {
  return error instanceof Error && "syscall" in error;
}

/** @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
