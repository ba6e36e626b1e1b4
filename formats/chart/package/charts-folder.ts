import { extname } from "node:path/posix";
import type { ChartMistake } from "../chart-mistake.ts";
import { unpackChart } from "./chart-archive.ts";
import type { ChartFile } from "./chart-file.ts";

/** Something in charts/ that may be a chart. */
export interface ChartsEntry {
  /** Its name in charts/. */
  name: string;
  isArchive: boolean;
  /** What is in it, with paths below it. */
  files: readonly ChartFile[];
}

/** Whether a file is one of those that lie in charts/, except signatures, which helm packages under their own paths. */
export function isVendored({ path }: ChartFile): boolean {
  return path.startsWith("charts/") && extname(path) !== ".prov";
}

/**
 * Reads what is in charts/: folders, and archives, which are unpacked. What begins with `.` or `_` is passed over.
 * Source: helm 4.3.1, pkg/chart/v2/loader/load.go, LoadFiles.
 * @param files in charts/
 * @param space bytes that all archives of a package together may unpack to; what they need is subtracted
 */
export async function readChartsFolder(
  files: readonly ChartFile[],
  space: { left: number },
): Promise<{ entries: ChartsEntry[]; mistakes: ChartMistake[] }> {
  const entries: ChartsEntry[] = [];
  const mistakes: ChartMistake[] = [];
  for (const [name, inside] of Map.groupBy(files, ({ path }) => path.split("/")[1] ?? "")) {
    if (/^[._]/.test(name)) {
      continue;
    }
    const read = await readEntry(name, inside, space);
    if (Array.isArray(read)) {
      entries.push({ name, isArchive: extname(name) === ".tgz", files: read });
    } else {
      mistakes.push({ path: `charts/${name}`, ...read });
    }
  }
  return { entries, mistakes };
}

async function readEntry(
  name: string,
  inside: readonly ChartFile[],
  space: { left: number },
): Promise<ChartFile[] | { reason: string; example: string }> {
  const path = `charts/${name}`;
  const [first] = inside;
  const isFile = first?.path === path;
  if (isFile && extname(name) === ".tgz") {
    const files = await unpackChart(first.bytes, space.left);
    if ("unreadable" in files) {
      return { reason: files.unreadable, example: "the archive that `helm dependency build` puts there" };
    }
    space.left -= files.reduce((size, { bytes }) => size + bytes.length, 0);
    return files;
  }
  if (isFile) {
    return { reason: "is not a chart, and helm packages nothing else in charts/", example: `\`charts/_${name}\`` };
  }
  if (extname(name) === ".tgz") {
    return { reason: "is a folder with the name of an archive", example: `\`charts/${name.slice(0, -4)}\`` };
  }
  return inside.map((file) => ({ ...file, path: file.path.slice(path.length + 1) }));
}
