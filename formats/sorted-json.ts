/**
 * Writes a value as JSON with the keys of every object in order: equal values have equal texts, although the engine sorts the properties of a
 * resource and a program does not.
 */
export function writeSortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
