/** A file of a chart. */
export interface ChartFile {
  /** Below the chart's folder, with `/`. */
  path: string;
  bytes: Uint8Array;
}

/** The largest file of a package, in bytes. helm 4 has no such limit; a helm 3 that has it refuses the whole chart. */
const largestFile = 5 * 2 ** 20;

/** All files of a package together must be smaller, in bytes. Source: helm 4.3.1, pkg/chart/loader/archive, MaxDecompressedChartSize. */
export const packageLimit = 100 * 2 ** 20;

/** Why a file of this size, in bytes, cannot be packaged; undefined if it can. */
export function oversizeReason(size: number): string | undefined {
  return size > largestFile ? "is larger than 5 MiB, and helm 3 loads no chart with such a file" : undefined;
}

/**
 * Why helm would not find a file of a package under its path; undefined if it would.
 * Source: helm 4.3.1, pkg/chart/loader/archive, LoadArchiveFiles.
 */
export function unloadableReason(path: string): string | undefined {
  if (path.includes("\\")) {
    return "has a backslash in its name, and helm reads that as the end of a folder's name";
  }
  if (path.startsWith("..") || /^[a-zA-Z]:\//.test(path)) {
    return "has a name that helm refuses as a way out of the chart";
  }
  return undefined;
}

/** Removes the byte order mark of UTF-8 from the beginning of a file, as helm does with every file. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The text of a file without its byte order mark; undefined if it is not UTF-8. */
export function readText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(withoutMark(bytes));
  } catch {
    return undefined;
  }
}
