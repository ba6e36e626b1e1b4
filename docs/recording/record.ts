import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { drawRecording } from "./drawing.ts";
import { readTranscript, writeTranscript } from "./transcript.ts";
import type { TranscriptLine } from "./transcript.ts";

// Releases the example project in a clone of the last commit, as `npm start` does, and keeps what it printed. With `--draw` only the drawing
// is made anew, from the transcript that is there.
const checkout = join(import.meta.dirname, "../..");
const transcript = join(import.meta.dirname, "transcript.txt");

if (!process.argv.includes("--draw")) {
  await writeFile(transcript, await recordedRun());
}
await writeFile(
  join(import.meta.dirname, "release.svg"),
  drawRecording(readTranscript(await readFile(transcript, "utf8"))),
);

async function recordedRun(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-recording-"));
  try {
    await execa("git", ["clone", "--quiet", checkout, folder]);
    await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
    const lines: TranscriptLine[] = [{ at: 0, text: "$ npm start" }];
    const began = performance.now();
    const run = execa("node", ["commands/main.ts", "start"], { cwd: folder, all: true });
    for await (const text of run.iterable({ from: "all" })) {
      lines.push({ at: (performance.now() - began) / 1000, text: text.trimEnd() });
    }
    await run;
    return writeTranscript(lines, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
