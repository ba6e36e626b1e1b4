import type { JournalEntry } from "../sandbox/door/journal.ts";
import { shapeOf } from "./requests.ts";
import { table } from "./table.ts";

/** What a path is made from, of a request in the sandbox's journal. */
export type TimedEntry = Pick<JournalEntry, "door" | "method" | "path" | "arrivedAt" | "endedAt">;

/** One request of a critical path. */
export interface Step<Entry extends TimedEntry = TimedEntry> {
  entry: Entry;
  /**
   * Milliseconds from the end of the request before it to this one's arrival, at the server: a round trip, one more if the connection is new,
   * and what the client did in between. For the first request 0.
   */
  after: number;
}

/**
 * Finds the longest chain of requests of which each can have been sent because of the answer to the one before it: it arrived at least a round trip
 * after that one had ended. Such a chain bounds how often a run waits for the network. Requests that are independent but were sent one after
 * another are also in it. Of several longest chains, it is the one with the shortest waits, read from its end. Requests that have not ended are
 * left out.
 *
 * @param entries in any order
 * @param roundTrip of the sandbox's network, in milliseconds
 * @throws RangeError without a round trip: a fast server answers requests one after another even if they were sent side by side
 */
export function findCriticalPath<Entry extends TimedEntry>(
  entries: readonly Entry[],
  roundTrip: number,
): Step<Entry>[] {
  if (roundTrip < 1) {
    throw new RangeError("a critical path needs a round trip of at least a millisecond");
  }
  const nodes = entries.flatMap((entry) => (entry.endedAt === undefined ? [] : [makeNode(entry, entry.endedAt)]));
  const byEnd = nodes.toSorted((a, b) => a.end - b.end);
  // By length less one: of the requests that have been answered, and at which a longest chain of this length ends, the last one.
  const answered: Node<Entry>[] = [];
  let count = 0;
  for (const node of nodes.toSorted((a, b) => a.entry.arrivedAt - b.entry.arrivedAt)) {
    for (let next = byEnd[count]; next && next.end + roundTrip <= node.entry.arrivedAt; next = byEnd[++count]) {
      answered[next.length - 1] = next;
    }
    node.before = answered.at(-1);
    node.length = answered.length + 1;
  }
  const longest = Math.max(...nodes.map(({ length }) => length));
  const steps: Step<Entry>[] = [];
  for (let node = byEnd.findLast(({ length }) => length === longest); node; node = node.before) {
    const { entry, before } = node;
    steps.unshift({ entry, after: before ? entry.arrivedAt - before.end : 0 });
  }
  return steps;
}

/** A request, with the longest chain that ends with it. */
interface Node<Entry> {
  entry: Entry;
  end: number;
  length: number;
  before: Node<Entry> | undefined;
}

function makeNode<Entry>(entry: Entry, end: number): Node<Entry> {
  return { entry, end, length: 1, before: undefined };
}

/** Writes a critical path as a table, one request a row: when it arrived, how long after the one before it, and how long the server worked. */
export function writeCriticalPath(steps: readonly Step[]): string {
  const start = steps[0]?.entry.arrivedAt ?? 0;
  return table(
    ["", "at, ms", "after the one before, ms", "door", "request"],
    steps.map(({ entry, after }, index) => [
      index + 1,
      entry.arrivedAt - start,
      after,
      entry.door,
      `\`${entry.method} ${shapeOf(entry.path)}\``,
    ]),
  );
}
