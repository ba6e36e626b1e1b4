import { noteOrigin } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";

/** @typedef {import("../machine/tool.mjs").Job} Job */

/** Where a tool that its makers built came from, as the table says it. */
export const officialDownload = "official download";

/** Milliseconds after which a download that began is given up for the build from source. */
export const downloadLimit = 600_000;

const probeLimit = 5000;

/**
 * Tries the official download, else the build from source. A host that cannot be reached is given up in 5 seconds, since
 * a closed network often swallows packets instead of refusing them.
 *
 * @param {Job} job
 * @param {object} ways
 * @param {string} ways.url What the download is going to fetch.
 * @param {string} ways.folder Where it puts the tool.
 * @param {() => Promise<void>} ways.download
 * @param {() => Promise<string>} ways.build
 * @returns {Promise<string>} where the tool came from
 */
export async function downloadElseBuild(job, { url, folder, download, build }) {
  job.say(`asking ${new URL(url).host}`);
  if (!(await isReachable(job, url))) {
    return build();
  }
  try {
    job.say("downloading");
    await download();
    await noteOrigin(folder, officialDownload);
    return officialDownload;
  } catch (error) {
    job.signal.throwIfAborted();
    if (!(error instanceof ToolError)) {
      throw error;
    }
    job.say("the official download failed");
    try {
      return await build();
    } catch (second) {
      job.signal.throwIfAborted();
      if (!(second instanceof ToolError)) {
        throw second;
      }
      throw new ToolError(`official download: ${error.message}\nbuild from source: ${second.message}`);
    }
  }
}

/**
 * @param {Job} job
 * @param {string} url
 */
async function isReachable({ machine, signal }, url) {
  try {
    const init = { method: "HEAD", signal: AbortSignal.any([signal, AbortSignal.timeout(probeLimit)]) };
    return (await machine.fetch(url, init)).ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
