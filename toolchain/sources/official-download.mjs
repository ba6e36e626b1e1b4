import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { noteOrigin, placeFiles } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";
import { goRecipes } from "../machine/versions.mjs";
import { buildWithGo } from "./go-build.mjs";
import { officialRelease } from "./official-release.mjs";
import { publishedSum } from "./published-sum.mjs";
import { fetchFile, fetchText } from "./transfer.mjs";

/** @typedef {import("../machine/tool.mjs").Job} Job */
/** @typedef {import("./official-release.mjs").OfficialRelease} OfficialRelease */
/** @typedef {import("./official-release.mjs").ReleasedKey} ReleasedKey */
/** @typedef {import("./transfer.mjs").TransferLimits} TransferLimits */

/** How the table of tools says that a tool is what its makers built. */
export const officialDownload = "official download";

/**
 * Tries the official download, else the build from source. A failed download is reported and not repeated: the build uses
 * none of it. Only a host that cannot be reached, or does not have the file, is passed over in silence.
 *
 * @param {Job} job
 * @param {object} ways
 * @param {string} ways.folder where the tool belongs
 * @param {() => Promise<void>} ways.download puts it there, or throws a ToolError and leaves nothing there
 * @param {() => Promise<string>} ways.build returns where the tool came from
 * @returns {Promise<string>} where the tool came from
 * @throws {ToolError} both ways failed: why each did
 */
export async function downloadElseBuild(job, { folder, download, build }) {
  try {
    await download();
  } catch (error) {
    job.signal.throwIfAborted();
    if (!(error instanceof ToolError)) {
      throw error;
    }
    if (!error.absent) {
      job.note(`the official download failed, so it is built from source: ${error.message}`);
    }
    return buildAfter(job, error, build);
  }
  await noteOrigin(folder, officialDownload);
  return officialDownload;
}

/**
 * Installs the official release of a tool, else builds it from source. A file of the release is used only if it has the
 * sha256 that the same release names.
 *
 * @param {Job} job
 * @param {ReleasedKey} key
 * @param {string} folder where the tool belongs
 * @param {{ last?: string, limits?: TransferLimits }} [options] `last`: the file that is put there last, because its
 *   presence counts as proof of the others
 * @returns {Promise<string>} where the tool came from
 * @throws {ToolError} both ways failed: why each did
 */
export async function installRelease(job, key, folder, { last, limits } = {}) {
  const release = officialRelease(key, job.machine);
  const build = () => buildWithGo(job, goRecipes[key], folder);
  if (release === undefined) {
    return build();
  }
  const unpack = (/** @type {string} */ partial) => fetchRelease(job, release, partial, limits);
  return downloadElseBuild(job, { folder, download: () => placeFiles(folder, unpack, last), build });
}

/**
 * @param {Job} job
 * @param {OfficialRelease} release
 * @param {string} partial an empty folder
 * @param {TransferLimits} [limits]
 * @returns {Promise<string>} the folder below it that has the programs, and nothing else
 */
async function fetchRelease(job, { address, file, sums, program, inside = ".", programs }, partial, limits) {
  job.say(`asking ${new URL(address).host}`);
  const expected = sumIn(await fetchText(job, `${address}/${sums}`, limits), file, `${address}/${sums}`);
  job.say("downloading");
  const archive = join(partial, file);
  const sha256 = await fetchFile(job, `${address}/${file}`, archive, limits);
  if (sha256 !== expected) {
    throw new ToolError(
      `${address}/${file} has the sha256 ${sha256}, but ${sums} of the same release says ${expected}. Nothing of it was used.`,
    );
  }
  const unpacked = join(partial, "unpacked");
  await mkdir(unpacked);
  if (program !== undefined) {
    await rename(archive, join(unpacked, program));
    return unpacked;
  }
  job.say("unpacking");
  const members = programs?.map((name) => (inside === "." ? name : `${inside}/${name}`)) ?? [inside];
  // -o: the files belong to this user, not to a number from the archive.
  await runChild("tar", ["-xof", archive, "-C", unpacked, ...members], { env: job.machine.env, signal: job.signal });
  return join(unpacked, inside);
}

/**
 * @param {string} text
 * @param {string} file
 * @param {string} url where the text is from
 */
function sumIn(text, file, url) {
  try {
    return publishedSum(text, file);
  } catch (error) {
    throw error instanceof ToolError ? new ToolError(`${url}: ${error.message}`) : error;
  }
}

/**
 * @param {Job} job
 * @param {ToolError} first why there is no download
 * @param {() => Promise<string>} build
 */
async function buildAfter(job, first, build) {
  try {
    return await build();
  } catch (second) {
    job.signal.throwIfAborted();
    if (!(second instanceof ToolError)) {
      throw second;
    }
    throw new ToolError(`official download: ${first.message}\nbuild from source: ${second.message}`);
  }
}
