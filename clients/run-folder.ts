import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { computeDigest } from "../formats/artifact/digest.ts";

/** The most bytes of an answer that is kept. */
const mostKept = 64 * 2 ** 20;

/**
 * The folder in which the processes of one run keep answers for each other: LOCKSTEP_RUN_FOLDER, which `npm run release` and `npm run preview`
 * set. It belongs to this user alone, and is removed when the run ends.
 * @returns undefined outside of such a run
 */
export function findRunFolder(): string | undefined {
  return process.env["LOCKSTEP_RUN_FOLDER"] || undefined;
}

/**
 * Keeps an answer. That it cannot be kept is not an error: the next process asks again.
 * @param value anything that the structured clone algorithm copies
 */
export async function keepAnswer(folder: string, question: string, value: unknown): Promise<void> {
  const bytes = serialize({ question, value });
  if (bytes.length > mostKept) {
    return;
  }
  const path = pathOf(folder, question);
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, bytes, { mode: 0o600 });
    // Another process never sees half of it.
    await rename(unfinished, path);
  } catch {
    // The folder may be full, or gone with the run.
  }
}

/** An answer that was kept; undefined if there is none. */
export async function findAnswer(folder: string, question: string): Promise<{ value: unknown } | undefined> {
  try {
    const kept = deserialize(await readFile(pathOf(folder, question))) as { question: string; value: unknown };
    return kept.question === question ? kept : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(folder: string, question: string): string {
  return join(folder, `${computeDigest(question).slice("sha256:".length)}.answer`);
}
