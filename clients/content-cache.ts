import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { computeDigest } from "../formats/artifact/digest.ts";

/**
 * Finds bytes by their digest in the content cache: the folder LOCKSTEP_CONTENT_CACHE, which `npm run release` and `npm run preview` set. It outlives
 * the run. Whoever can write there can hide nothing and invent nothing: bytes with another digest do not count. That a server still has
 * these bytes must be known from the server.
 * @param digest `sha256:` and 64 hex digits
 * @returns undefined if they are not in the cache, or there is none
 */
export async function findContent(digest: string): Promise<Buffer | undefined> {
  const path = locate(digest);
  if (path === undefined) {
    return undefined;
  }
  try {
    const bytes = await readFile(path);
    if (computeDigest(bytes) !== digest) {
      return undefined;
    }
    // What is used stays: the command removes what no run has used for a month.
    const now = new Date();
    await utimes(path, now, now);
    return bytes;
  } catch {
    return undefined;
  }
}

/** Keeps bytes for findContent(). That they cannot be kept is not an error: the next run asks the server. */
export async function keepContent(bytes: Uint8Array): Promise<void> {
  const path = locate(computeDigest(bytes));
  if (path === undefined) {
    return;
  }
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(unfinished, bytes, { mode: 0o600 });
    // Another process never sees half of it.
    await rename(unfinished, path);
  } catch {
    // The folder may be full, or read-only.
  }
}

function locate(digest: string): string | undefined {
  const folder = process.env["LOCKSTEP_CONTENT_CACHE"];
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  return folder && hex ? join(folder, hex) : undefined;
}
