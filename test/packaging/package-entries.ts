import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { extract } from "tar-stream";

/** Reads the entries of a package as they are written in it: names with the chart's folder, and bytes with their marks. */
export async function packageEntries(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const reader = extract();
  reader.end(await promisify(gunzip)(bytes));
  const entries = new Map<string, Buffer>();
  for await (const entry of reader) {
    const { name, type } = entry.header;
    if (type !== "file" || entries.has(name)) {
      throw new Error(`${name} is a ${type}, or is there twice`);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) {
      chunks.push(chunk as Uint8Array);
    }
    entries.set(name, Buffer.concat(chunks));
  }
  return entries;
}
