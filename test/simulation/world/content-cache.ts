import { computeDigest } from "../../../formats/artifact/digest.ts";
import { ProcessMap } from "../machine/processes.ts";

const contents = new ProcessMap<string, Uint8Array>();

/** Each simulated run begins with an empty cache, as on a machine that has none. */
export async function findContent(digest: string): Promise<Buffer | undefined> {
  const bytes = contents.get(digest);
  return bytes && Buffer.from(bytes);
}

/** Keeps bytes for this run. */
export async function keepContent(bytes: Uint8Array): Promise<void> {
  contents.set(computeDigest(bytes), bytes);
}
