/**
 * A failure that the reader can act on. `run.mjs` prints only its message, without a stack trace, and ends with exit code 1.
 * The message says what failed, on which tool, the words of the program or host that failed, and how to fix it.
 */
export class ToolError extends Error {
  /** @override */
  name = "ToolError";

  /**
   * @param {string} message
   * @param {{ missing?: boolean, absent?: boolean, bearable?: boolean }} [kind] `missing`: there is no such program.
   *   `absent`: a host cannot be reached, or does not have the file. `bearable`: only part of the project needs the tool,
   *   so set-up reports it and goes on. All default to false.
   */
  constructor(message, { missing = false, absent = false, bearable = false } = {}) {
    super(message);
    this.missing = missing;
    this.absent = absent;
    this.bearable = bearable;
  }
}
