import type { JournalEntry } from "../../sandbox/door/journal.ts";
import { countRequests } from "../requests.ts";
import { table } from "../table.ts";

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
