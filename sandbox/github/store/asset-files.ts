import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { measured } from "./asset-bytes.ts";
import type { AssetBytes } from "./asset-bytes.ts";

/** Bytes of assets as files of `folder` (absolute; made if it is missing), each named by its id. */
export async function openAssetFiles(folder: string): Promise<AssetBytes> {
  await mkdir(folder, { recursive: true });
  const file = (id: number): string => join(folder, String(id));
  return {
    has: (id) => existsSync(file(id)),
    read: (id) => createReadStream(file(id)),
    async write(id, body) {
      const { body: source, written } = measured(body);
      const part = `${file(id)}.part`;
      try {
        await pipeline(source, createWriteStream(part));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      await rename(part, file(id));
      return written();
    },
    remove: (id) => rm(file(id), { force: true }),
  };
}
