import { describe, expect, it } from "vitest";
import { findCriticalPath, writeCriticalPath } from "../../bench/critical-path.ts";
import type { TimedEntry } from "../../bench/critical-path.ts";

/** Requests by their names, each with the times of its arrival and its end. */
type Times = Readonly<Record<string, readonly [arrivedAt: number, endedAt: number | undefined]>>;

function entriesOf(times: Times): TimedEntry[] {
  return Object.entries(times).map(([name, [arrivedAt, endedAt]]) => ({
    door: "registry",
    method: "GET",
    path: `/${name}`,
    arrivedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  }));
}

const roundTrip = 80;

describe("findCriticalPath", () => {
  const cases: readonly [what: string, times: Times, path: [name: string, after: number][]][] = [
    ["is empty without requests", {}, []],
    ["is one request that stands alone", { a: [5, 6] }, [["a", 0]]],
    [
      "joins requests that wait for one another",
      { a: [0, 2], b: [82, 85], c: [200, 300] },
      [
        ["a", 0],
        ["b", 80],
        ["c", 115],
      ],
    ],
    ["has one of the requests that were sent side by side", { a: [0, 1], b: [2, 3], c: [4, 5] }, [["c", 0]]],
    ["does not join a request that left before the answer came", { a: [0, 2], b: [81, 85] }, [["b", 0]]],
    ["does not join requests of which one runs while the other begins", { a: [0, 200], b: [100, 110] }, [["a", 0]]],
    [
      "is the longest in number, not in time",
      { slow: [0, 1000], a: [0, 1], b: [100, 101], c: [200, 201] },
      [
        ["a", 0],
        ["b", 99],
        ["c", 99],
      ],
    ],
    [
      "has the shortest waits if several are as long",
      { early: [0, 1], late: [50, 51], end: [140, 141] },
      [
        ["late", 0],
        ["end", 89],
      ],
    ],
    [
      "goes through any order of the entries",
      { c: [200, 300], a: [0, 2], b: [82, 85] },
      [
        ["a", 0],
        ["b", 80],
        ["c", 115],
      ],
    ],
    ["leaves out what has not ended", { a: [0, 2], b: [82, undefined] }, [["a", 0]]],
  ];
  it.each(cases)("%s", (_, times, path) => {
    const steps = findCriticalPath(entriesOf(times), roundTrip);
    expect(steps.map(({ entry, after }) => [entry.path.slice(1), after])).toEqual(path);
  });

  it("refuses to guess without a round trip", () => {
    expect(() => findCriticalPath(entriesOf({ a: [0, 0], b: [0, 0] }), 0)).toThrow(RangeError);
  });
});

describe("writeCriticalPath", () => {
  it("writes a request a row, without what differs from run to run", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const steps = findCriticalPath(
      entriesOf({ "token?service=x": [1000, 1001], [`v2/acme/app/manifests/${digest}`]: [1081, 1082] }),
      roundTrip,
    );
    expect(writeCriticalPath(steps).split("\n").slice(2)).toEqual([
      "| 1 | 0 | 0 | registry | `GET /token` |",
      "| 2 | 81 | 80 | registry | `GET /v2/acme/REPOSITORY/manifests/DIGEST` |",
    ]);
  });
});
