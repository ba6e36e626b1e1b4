/** Commands as a code block, a line each. */
export function codeBlock(commands: readonly string[]): string[] {
  return ["```sh", ...commands, "```"];
}

/**
 * Commands as a code block that a page folds away.
 * @param summary what the page shows of it, as HTML
 */
export function collapsedCode(summary: string, commands: readonly string[]): string[] {
  return ["", "<details>", `<summary>${summary}</summary>`, "", ...codeBlock(commands), "", "</details>"];
}
