import { availableParallelism, loadavg } from "node:os";
import { temporarySandbox } from "../../test/sandbox/temporary-sandbox.ts";
import { findCriticalPath, writeCriticalPath } from "../critical-path.ts";
import { compareRequests } from "../requests.ts";
import { median, table } from "../table.ts";
import { measureRound } from "./round.ts";
import type { Measured, Round } from "./round.ts";

const rounds = 3;
const delays = [0, 80];
/** The programs that send requests; the others send none, or only those of the builds. */
const seen = ["glue", "first", "again"] as const;

/** The programs, as the requests' columns are called. */
const programs = { glue: "glue", first: "`up`", again: "`up` again", idle: "idle", floor: "builds and idle" } as const;

/**
 * Measures the release of a new version of one image: two platforms, three signatures, provenance, SBOM, and a Release with a file. It compares
 * a script of buildctl, cosign and curl with an `up`, and with programs of as many resources that do nothing, without the builds and with
 * them. An `up` after it changes nothing. Once on this machine's own network, and once with a round trip of 80 ms. What is released is verified.
 * @returns tables in Markdown: times, requests, and the longest chains of requests
 */
export async function release(): Promise<string> {
  const rows: (string | number)[][] = [];
  const details: string[] = [];
  for (const delay of delays) {
    const { sandbox, forget } = await temporarySandbox({ delay, builder: true });
    try {
      const measured: Round[] = [];
      for (let round = 0; round < rounds; round++) {
        measured.push(await measureRound(sandbox, `${round}`));
      }
      rows.push([`${delay} ms`, ...writeTimes(measured, delay)]);
      const last = measured.at(-1);
      if (last) {
        details.push(...writeRequests(last, delay));
      }
    } finally {
      await forget();
    }
  }
  const load = loadavg().map((one) => one.toFixed(1));
  return [
    `A new version of one image: medians of ${rounds} in seconds, alternating, on ${availableParallelism()} cores; load at the end ${load.join(", ")}.`,
    "",
    table(
      [
        "round trip",
        ...Object.values(programs),
        "`up` of glue",
        "`up` of builds and idle",
        "`up` again of idle",
        "requests of glue, `up`, `up` again",
        "longest chain of each",
      ],
      rows,
    ),
    "",
    ...details,
  ].join("\n");
}

function writeTimes(measured: readonly Round[], delay: number): string[] {
  const of = (name: keyof Round): number => median(measured.map((round) => round[name].time));
  const seconds = (Object.keys(programs) as (keyof Round)[]).map((name) => (of(name) / 1000).toFixed(1));
  const ratio = (one: keyof Round, other: keyof Round): string => (of(one) / of(other)).toFixed(2);
  const eachOf = (count: (requests: Measured["requests"]) => number): string =>
    seen.map((name) => median(measured.map((round) => count(round[name].requests)))).join(", ");
  return [
    ...seconds,
    ratio("first", "glue"),
    ratio("first", "floor"),
    ratio("again", "idle"),
    eachOf((requests) => requests.length),
    delay === 0 ? "not known" : eachOf((requests) => findCriticalPath(requests, delay).length),
  ];
}

function writeRequests(round: Round, delay: number): string[] {
  const requests = Object.fromEntries(seen.map((name) => [programs[name], round[name].requests]));
  return [
    `Requests with a round trip of ${delay} ms:`,
    "",
    compareRequests(requests),
    "",
    ...(delay === 0 ? [] : seen.flatMap((name) => writePath(programs[name], round[name], delay))),
  ];
}

function writePath(name: string, { begin, time, requests }: Measured, delay: number): string[] {
  const path = findCriticalPath(requests, delay);
  const [first, last] = [path[0]?.entry, path.at(-1)?.entry];
  const before = ((first?.arrivedAt ?? begin) - begin) / 1000;
  const after = (begin + time - (last?.endedAt ?? begin)) / 1000;
  return [
    `The longest chain of requests of ${name} with a round trip of ${delay} ms: ${path.length}. The first came ${before.toFixed(1)} s after the start, the last ended ${after.toFixed(1)} s before the end.`,
    "",
    writeCriticalPath(path),
    "",
  ];
}
