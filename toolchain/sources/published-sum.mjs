import { basename } from "node:path/posix";
import { ToolError } from "../machine/tool-error.mjs";

const sha256 = /^[0-9a-f]{64}$/i;

/**
 * Finds a file's sha256 in what its makers publish beside it, in any of three forms: lines of `sha256  name`, as sha256sum
 * prints them; the sha256 alone, if the text is about one file; or an in-toto statement, whose subjects have a name and a
 * digest.
 *
 * Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 *
 * @param {string} text
 * @param {string} file name without a folder
 * @returns {string} 64 hex digits, lower case
 * @throws {ToolError} the text has no sha256 of that file, or two
 */
export function publishedSum(text, file) {
  const found = text.trimStart().startsWith("{") ? sumsInStatement(text, file) : sumsInLines(text, file);
  const sums = new Set(found.filter((sum) => sha256.test(sum)).map((sum) => sum.toLowerCase()));
  const [sum] = sums;
  if (sum === undefined || sums.size > 1) {
    throw new ToolError(`it has ${sums.size} sha256 values of ${file}, not one`);
  }
  return sum;
}

/**
 * @param {string} text
 * @param {string} file
 * @returns {string[]}
 */
function sumsInLines(text, file) {
  const lines = text.split(/[\n\0]/).map((line) => line.trim().split(/\s+/));
  const alone = lines.filter(([sum]) => sum !== "");
  if (alone.length === 1 && alone[0]?.length === 1) {
    return alone[0];
  }
  // sha256sum marks a binary file with a star before its name.
  return lines.filter(([, name = ""]) => basename(name.replace(/^\*/, "")) === file).map(([sum = ""]) => sum);
}

/**
 * @param {string} text
 * @param {string} file
 * @returns {string[]}
 */
function sumsInStatement(text, file) {
  try {
    /** @type {{ subject: { name: string, digest: { sha256: string } }[] }} */
    const { subject } = JSON.parse(text);
    return subject.filter(({ name }) => basename(name) === file).map(({ digest }) => String(digest.sha256));
  } catch {
    return [];
  }
}
