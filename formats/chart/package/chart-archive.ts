import { posix } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { extract } from "tar-stream";
import { unloadableReason, withoutMark } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";

/**
 * Unpacks a packaged chart in memory, by the rules of helm: the first part of each path is dropped, folders are passed over, byte order marks
 * are removed. Links and devices, which helm would read as empty files, are refused. Source: helm 4.3.1, pkg/chart/loader/archive.
 * @param most bytes that all files together may have
 * @returns the files, or why there are none: "is not gzipped: incorrect header check"
 */
export async function unpackChart(bytes: Uint8Array, most: number): Promise<ChartFile[] | { unreadable: string }> {
  let archive: Buffer;
  try {
    archive = await promisify(gunzip)(bytes, { maxOutputLength: archiveLimit(most) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isTooLarge = code === "ERR_BUFFER_TOO_LARGE";
    return { unreadable: isTooLarge ? tooLarge : `is not gzipped: ${message}` };
  }
  try {
    return await readEntries(archive, most);
  } catch (error) {
    return { unreadable: `is not a tar archive: ${(error as Error).message}` };
  }
}

const tooLarge = "is too large: helm loads no chart of 100 MiB or more";

/** A tar is larger than its files: a header of 512 bytes each, and some more for long names. */
function archiveLimit(most: number): number {
  return most + 32 * 2 ** 20;
}

async function readEntries(archive: Buffer, most: number): Promise<ChartFile[] | { unreadable: string }> {
  const reader = extract();
  reader.end(archive);
  const files = new Map<string, ChartFile>();
  let size = 0;
  for await (const entry of reader) {
    const { type, name } = entry.header;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) {
      chunks.push(chunk as Uint8Array);
    }
    if (type === "directory") {
      continue;
    }
    const { path, reason } = readName(name);
    const fault = type === "file" || type === "contiguous-file" ? reason : "is a link or a device";
    const bytes = Buffer.concat(chunks);
    size += bytes.length;
    if (fault !== undefined || files.has(path)) {
      return { unreadable: `has the entry \`${name}\`, which ${fault ?? "is there twice"}` };
    }
    if (size >= most) {
      return { unreadable: tooLarge };
    }
    files.set(path, { path, bytes: withoutMark(bytes) });
  }
  return files.size > 0 ? [...files.values()] : { unreadable: "has no files" };
}

/** The path without the folder of the chart. An archive from Windows may have backslashes between the parts. */
function readName(name: string): { path: string; reason: string | undefined } {
  const [folder, ...rest] = name.split(name.includes("\\") ? "\\" : "/");
  const path = posix.normalize(rest.join("/"));
  const isOutside = path === "." || path.startsWith("/") || folder === "Chart.yaml";
  return { path, reason: isOutside ? "is not in a folder of the chart's name" : unloadableReason(path) };
}
