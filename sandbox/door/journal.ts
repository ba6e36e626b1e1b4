import { createReadStream, createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

/** The server of an exchange. `web` is the website for browsers; it shares its port with `github`. */
export type Door = "registry" | "github" | "web" | "sigstore";

/** One HTTP exchange as the sandbox saw it. Never contains a header, a token or a body. */
export interface JournalEntry {
  /** Counts up over all doors and restarts; unique in one journal. */
  id: number;
  /** Tick at the request's arrival. All doors and restarts share one counter. */
  begin: number;
  /**
   * Tick at which the answer was finished or the connection was lost; `Infinity` while the exchange runs.
   * "B came after A" is `b.begin > a.end`.
   */
  end: number;
  /** Time of the arrival in whole milliseconds since the epoch. It cannot order requests within a millisecond, as `begin` does. */
  arrivedAt: number;
  /** Time of `end` in whole milliseconds since the epoch; missing while the exchange runs. */
  endedAt?: number;
  door: Door;
  method: string;
  /** Path with query; values of credential-like query parameters are replaced by `***`. */
  path: string;
  /** HTTP status that was sent in full; 0 while the exchange runs and when the peer was gone before the answer was complete. */
  status: number;
  /** `owner/name` or the OCI repository, if the path names one. */
  repository?: string;
  /** True for an upload session that was opened (or refused, or cancelled) and never filled: it leaves nothing others can read. */
  probe?: boolean;
  /** Bytes of the request body that were read. */
  bytesIn: number;
  /** Bytes of the answer's body that were written. */
  bytesOut: number;
}

/** Narrows a journal listing: equal fields, a pattern on the path, or any function. */
export type JournalFilter =
  | { door?: Door; method?: string; path?: RegExp; repository?: string }
  | ((entry: JournalEntry) => boolean);

/** Log of every exchange over every door, in the order of one counter. */
export interface Journal {
  /** Address of the JSON Lines file. */
  readonly file: string;
  /** The counter's present value: pass it to `since`, `reads`, `writes` or `probes` later. */
  mark(): number;
  /** Exchanges that began after `mark` (0 = all there ever were), running ones included, oldest first. */
  since(mark: number, filter?: JournalFilter): JournalEntry[];
  /** Like `since`, only GET, HEAD and OPTIONS (and POST /token, which issues a token and changes nothing). */
  reads(mark: number, filter?: JournalFilter): JournalEntry[];
  /** Like `since`, only exchanges that are neither read nor probe. */
  writes(mark: number, filter?: JournalFilter): JournalEntry[];
  /** Like `since`, only upload sessions that were opened and never filled. */
  probes(mark: number, filter?: JournalFilter): JournalEntry[];
  /** Notes a request's arrival. */
  arrive(request: Pick<JournalEntry, "door" | "method" | "path"> & { repository?: string }): JournalEntry;
  /** Gives the entry its end tick if it has none yet. */
  tick(entry: JournalEntry): void;
  /** Writes the entry to the file; again after a change: the last line of an id counts. */
  record(entry: JournalEntry): void;
  /** Flushes and closes the file. */
  close(): Promise<void>;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** True when the exchange cannot change anything: a safe method or the token endpoint. */
export function isRead(entry: Pick<JournalEntry, "method" | "path">): boolean {
  return safeMethods.has(entry.method) || entry.path.split("?")[0] === "/token";
}

/** Replaces the values of credential-like query parameters by `***`. */
export function withoutCredentials(path: string): string {
  return path.replace(/([?&](?:access_token|client_secret|password|sig|token)=)[^&]*/gi, "$1***");
}

/**
 * Opens the journal at `file`, reads the entries of earlier runs and continues their counter. A torn last line
 * (the process was killed while it wrote) is skipped.
 */
export async function openJournal(file: string): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true });
  const entries = await readEntries(file);
  let counter = entries.reduce((highest, entry) => Math.max(highest, entry.begin, entry.end), 0);
  let lastId = entries.reduce((highest, entry) => Math.max(highest, entry.id), 0);
  const output: WriteStream = createWriteStream(file, { flags: "a" });
  if (await isTorn(file)) {
    output.write("\n");
  }

  const since: Journal["since"] = (mark, filter) =>
    entries.filter((entry) => entry.begin > mark && matches(entry, filter));
  return {
    file,
    mark: () => counter,
    since,
    reads: (mark, filter) => since(mark, filter).filter((entry) => isRead(entry)),
    writes: (mark, filter) => since(mark, filter).filter((entry) => !isRead(entry) && entry.probe !== true),
    probes: (mark, filter) => since(mark, filter).filter((entry) => entry.probe === true),
    arrive({ door, method, path, repository }) {
      const entry: JournalEntry = {
        id: ++lastId,
        begin: ++counter,
        end: Infinity,
        arrivedAt: readClock(),
        door,
        method,
        path: withoutCredentials(path),
        status: 0,
        ...(repository === undefined ? {} : { repository }),
        bytesIn: 0,
        bytesOut: 0,
      };
      entries.push(entry);
      return entry;
    },
    tick(entry) {
      if (entry.end === Infinity) {
        entry.end = ++counter;
        entry.endedAt = readClock();
      }
    },
    record(entry) {
      if (!output.writableEnded) {
        output.write(`${JSON.stringify(entry)}\n`);
      }
    },
    async close() {
      output.end();
      await finished(output);
    },
  };
}

/** Reads a clock that is never set back while the sandbox runs, so that differences between two times are exact. */
function readClock(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

async function readEntries(file: string): Promise<JournalEntry[]> {
  const byId = new Map<number, JournalEntry>();
  const input = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const entry = parseEntry(line);
      if (entry !== undefined) {
        byId.set(entry.id, entry);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
  }
  return [...byId.values()].sort((a, b) => a.begin - b.begin);
}

/** True when the file ends within a line: the next one would be lost with it. */
async function isTorn(file: string): Promise<boolean> {
  const handle = await open(file, "a+");
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
    return size > 0 && buffer.toString() !== "\n";
  } finally {
    await handle.close();
  }
}

function parseEntry(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    return typeof entry.id === "number" ? entry : undefined;
  } catch {
    return undefined;
  }
}

function matches(entry: JournalEntry, filter: JournalFilter | undefined): boolean {
  if (filter === undefined) {
    return true;
  }
  if (typeof filter === "function") {
    return filter(entry);
  }
  return (
    (filter.door === undefined || filter.door === entry.door) &&
    (filter.method === undefined || filter.method === entry.method) &&
    (filter.repository === undefined || filter.repository === entry.repository) &&
    (filter.path === undefined || filter.path.test(entry.path))
  );
}
