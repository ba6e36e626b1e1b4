/** Lines that are shown of a list that others can make as long as they like. */
const most = 20;

/** A list of lines that is no longer than a reader bears: the first twenty, and how many more there are. */
export function shortened(lines: readonly string[]): string[] {
  if (lines.length <= most) {
    return [...lines];
  }
  return [...lines.slice(0, most), `and ${lines.length - most} more`];
}
