/** Lines shown of a list whose length others decide. */
const most = 20;

/** Shortens a list of lines for a reader: the first twenty, then how many more there are. */
export function shortened(lines: readonly string[]): string[] {
  if (lines.length <= most) {
    return [...lines];
  }
  return [...lines.slice(0, most), `and ${lines.length - most} more`];
}
