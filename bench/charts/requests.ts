import type { JournalEntry } from "../../sandbox/door/journal.ts";
import { table } from "../table.ts";

/** What differs from chart to chart in a request's path. */
const parts: readonly [RegExp, string][] = [
  [/\?.*$/, ""],
  [/chart-\d+-v[\d.]+/, "TAG"],
  [/chart-\d+/, "CHART"],
  [/sha256(:|-|%3A)[0-9a-f]{64}/, "DIGEST"],
  [/\b[0-9a-f]{40}\b/, "COMMIT"],
  [/attestation-bundles\/\d+/, "attestation-bundles/ID"],
  [/\/\d+(?=\/|$)/, "/ID"],
  [/\/acme\/(charts-)?[\w-]+/, "/acme/REPOSITORY"],
];

/** Counts requests by door, method and path, without what differs from chart to chart; most frequent first. */
export function countRequests(entries: readonly JournalEntry[]): { door: string; request: string; count: number }[] {
  const counts = new Map<string, { door: string; request: string; count: number }>();
  for (const { door, method, path } of entries) {
    const request = `${method} ${parts.reduce((text, [from, to]) => text.replace(from, to), path)}`;
    const row = counts.get(`${door} ${request}`) ?? { door, request, count: 0 };
    row.count++;
    counts.set(`${door} ${request}`, row);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}

/** Writes a table of requests, as many as there are for each chart. */
export function writeRequests(entries: readonly JournalEntry[], charts: number): string {
  const rows = countRequests(entries);
  const doors = [...new Set(rows.map(({ door }) => door))].toSorted();
  return table(
    ["door", "request", "in all", "for each chart"],
    [
      ...doors.map((door) => {
        const all = rows.filter((row) => row.door === door).reduce((sum, { count }) => sum + count, 0);
        return [door, "all", all, (all / charts).toFixed(1)];
      }),
      ...rows.map(({ door, request, count }) => [door, `\`${request}\``, count, (count / charts).toFixed(1)]),
    ],
  );
}
