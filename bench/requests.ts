import type { JournalEntry } from "../sandbox/door/journal.ts";
import { table } from "./table.ts";

/** What differs from chart to chart and from run to run in a request's path. */
const parts: readonly [RegExp, string][] = [
  [/\?.*$/, ""],
  [/chart-\d+-v[\d.]+/, "TAG"],
  [/chart-\d+/, "CHART"],
  [/sha256(:|-|%3A)[0-9a-f]{64}/, "DIGEST"],
  [/\b[0-9a-f]{40}\b/, "COMMIT"],
  [/attestation-bundles\/\d+/, "attestation-bundles/ID"],
  [/\/blobs\/uploads?\/.+/, "/blobs/upload/SESSION"],
  [/\/\d+(?=\/|$)/, "/ID"],
  [/\/acme\/(charts-)?[\w-]+/, "/acme/REPOSITORY"],
];

/** The shape of a request's path: names, digests and numbers that differ from run to run are replaced by words, the query is left out. */
export function shapeOf(path: string): string {
  return parts.reduce((text, [from, to]) => text.replace(from, to), path);
}

/** Counts requests by door, method and path, without what differs from chart to chart; most frequent first. */
export function countRequests(
  entries: readonly Pick<JournalEntry, "door" | "method" | "path">[],
): { door: string; request: string; count: number }[] {
  const counts = new Map<string, { door: string; request: string; count: number }>();
  for (const { door, method, path } of entries) {
    const request = `${method} ${shapeOf(path)}`;
    const row = counts.get(`${door} ${request}`) ?? { door, request, count: 0 };
    row.count++;
    counts.set(`${door} ${request}`, row);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}

/**
 * Writes a table of requests by door, method and path, with a column for each run.
 * @param runs the requests of each run, by what its column is called
 */
export function compareRequests(runs: Readonly<Record<string, readonly JournalEntry[]>>): string {
  const counted = Object.values(runs).map((entries) => countRequests(entries));
  const keyed = counted.map((rows) => new Map(rows.map((row) => [`${row.door} ${row.request}`, row])));
  const all = countRequests(Object.values(runs).flat()).toSorted((a, b) => a.door.localeCompare(b.door));
  const doors = [...new Set(all.map(({ door }) => door))];
  const sum = (rows: readonly { door: string; count: number }[], door: string): number =>
    rows.filter((row) => row.door === door).reduce((total, { count }) => total + count, 0);
  return table(
    ["door", "request", ...Object.keys(runs)],
    [
      ["all", "all", ...Object.values(runs).map((entries) => entries.length)],
      ...doors.map((door) => [door, "all", ...counted.map((rows) => sum(rows, door))]),
      ...all.map(({ door, request }) => [
        door,
        `\`${request}\``,
        ...keyed.map((rows) => rows.get(`${door} ${request}`)?.count ?? 0),
      ]),
    ],
  );
}
