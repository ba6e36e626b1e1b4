import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** What was written for an asset. */
export interface WrittenBytes {
  /** In bytes. */
  size: number;
  /** `sha256:…` */
  digest: string;
}

/** The bytes of a repository's release assets, by the ids of the assets. */
export interface AssetBytes {
  /** True once a body was written to its end. */
  has(id: number): boolean;
  /** The whole body. If there are no bytes, the stream fails with an error of code `ENOENT`. */
  read(id: number): Readable;
  /**
   * Stores a body. The bytes count only once the body has ended; they then replace those of an earlier body. If a body
   * breaks off, nothing of it is stored, and the call rejects with the body's error.
   */
  write(id: number, body: AsyncIterable<Buffer>): Promise<WrittenBytes>;
  /** Removes the bytes, if there are any. */
  remove(id: number): Promise<void>;
}

/** Passes a body on; `written` says what has passed so far. */
export function measured(body: AsyncIterable<Buffer>): { body: AsyncGenerator<Buffer>; written(): WrittenBytes } {
  const hash = createHash("sha256");
  let size = 0;
  const pass = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  return { body: pass(), written: () => ({ size, digest: `sha256:${hash.copy().digest("hex")}` }) };
}
