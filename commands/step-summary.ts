import { appendFile } from "node:fs/promises";

/** Bytes that GitHub accepts of one step. Source: docs.github.com, "Workflow commands", step isolation and limits. */
const mostBytes = 1024 * 1024;

/**
 * Appends Markdown to the summary of a GitHub Actions job's step; elsewhere it does nothing. A longer text than GitHub accepts would fail the
 * upload of the whole summary, so it is cut at a line's end.
 * @param environment `GITHUB_STEP_SUMMARY` names the file
 */
export async function appendStepSummary(markdown: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const file = environment["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") {
    await appendFile(file, `${cutText(markdown)}\n`);
  }
}

function cutText(markdown: string): string {
  const room = mostBytes - 1000;
  if (Buffer.byteLength(markdown) <= room) {
    return markdown;
  }
  const whole = Buffer.from(markdown).subarray(0, room).toString().split("\n").slice(0, -1).join("\n");
  return `${whole}\n\nThe rest is longer than GitHub accepts; the log of this step has all of it.`;
}
