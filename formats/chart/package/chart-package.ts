import { gzip } from "pako";
import { pack } from "tar-stream";
import { sortByBytes } from "../helm/helm-json.ts";
import { withoutMark } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";

/**
 * The time of every entry. No time of a commit: a chart of an earlier commit is packaged again by each run, and compared. GNU tar warns of
 * times before 1970-01-01, some versions of that second as well.
 */
const entryTime = new Date("1980-01-01T00:00:00Z");

/** Byte 9 of a gzip header says on which system it was made. Source: RFC 1952; 255 is "unknown". */
const [systemAt, unknownSystem] = [9, 255];

/**
 * Makes the package of a chart. The same files have the same bytes, on every machine and in whichever order they are given: entries are
 * sorted (Chart.yaml first, charts/ last) and have one time, one mode and no owner; byte order marks are dropped.
 *
 * Node's own zlib would give other bytes on other processors and in other versions of Node, so pako compresses: it is slower and always the
 * same. Its version is part of the format.
 * @param name of the chart: the folder in the package
 * @param files each path once
 * @returns a gzipped tar that helm, and everything else, can read
 */
export async function packChart(name: string, files: readonly ChartFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, bytes } of sortFiles(files)) {
    const header = { name: `${name}/${path}`, mode: 0o644, uid: 0, gid: 0, mtime: entryTime };
    archive.entry(header, Buffer.from(withoutMark(bytes)));
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) {
    chunks.push(chunk as Uint8Array);
  }
  const packed = Buffer.from(gzip(Buffer.concat(chunks), { level: 6 }));
  packed[systemAt] = unknownSystem;
  return packed;
}

function sortFiles(files: readonly ChartFile[]): ChartFile[] {
  const rank = (path: string): number => (path === "Chart.yaml" ? 0 : path.startsWith("charts/") ? 2 : 1);
  return sortByBytes(files.map((file) => [file.path, file] as const))
    .map(([, file]) => file)
    .toSorted((one, other) => rank(one.path) - rank(other.path));
}
