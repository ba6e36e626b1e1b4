import { Readable } from "node:stream";
import { measured } from "./asset-bytes.ts";
import type { AssetBytes } from "./asset-bytes.ts";

/** Bytes of assets in memory, where nothing waits but for the body that is written. */
export function makeMemoryAssetBytes(): AssetBytes {
  const all = new Map<number, Buffer>();
  return {
    has: (id) => all.has(id),
    read(id) {
      const bytes = all.get(id);
      if (bytes !== undefined) {
        return Readable.from([bytes]);
      }
      const error: NodeJS.ErrnoException = new Error(`asset ${id} has no bytes`);
      error.code = "ENOENT";
      return new Readable({ read() {} }).destroy(error);
    },
    async write(id, body) {
      const { body: source, written } = measured(body);
      const chunks: Buffer[] = [];
      for await (const chunk of source) {
        chunks.push(chunk);
      }
      all.set(id, Buffer.concat(chunks));
      return written();
    },
    remove: async (id) => void all.delete(id),
  };
}
