/** Name of the asset with the sha256 of all other files. */
export const checksumsName = "checksums.txt";

/** Writes a list for `sha256sum -c`: two spaces between digest and name, one line per file, sorted by name. */
export function writeChecksums(files: readonly { name: string; sha256: string }[]): string {
  return files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join("");
}
