import type { Answer, BrokenBody } from "./answer.ts";
import type { Door } from "./journal.ts";

/** The parts of a request that a fault can match. `path` includes the query. */
export interface FaultedRequest {
  door: Door;
  method: string;
  path: string;
}

/**
 * What happens to the request:
 * - a made-up answer;
 * - a connection reset;
 * - no answer until the peer gives up;
 * - a function that is awaited before the request continues normally (its peer may be dead by then);
 * - a change of the real answer, for a fault `after` only: another answer instead, or a body that is sent incorrectly.
 */
export type FaultAct =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | "reset"
  | "hang"
  | ((request: FaultedRequest) => void | Promise<void>)
  | { change: (answer: Answer, request: FaultedRequest) => Answer }
  | BrokenBody;

/** One thing that goes wrong on purpose. */
export interface Fault {
  door: Door;
  /** HTTP method in capitals. */
  method: string;
  /** Tested against path and query. */
  path: RegExp;
  /** `before`: nothing has taken effect yet. `after`: the effect has happened, the answer is not sent yet. */
  when: "before" | "after";
  /** How many requests it hits; default 1, `Infinity` for all. */
  times?: number;
  act: FaultAct;
}

/** Faults waiting for their request. The oldest one that matches is used, one per request and moment. */
export interface Faults {
  /** Arms a fault; the returned function disarms it. */
  add(fault: Fault): () => void;
  /** Removes (or counts down) the oldest fault that matches, for the doors. */
  take(when: Fault["when"], request: FaultedRequest): FaultAct | undefined;
  /** Disarms all. */
  clear(): void;
  /** How many faults still wait. */
  readonly waiting: number;
}

/** An empty table of faults. */
export function createFaults(): Faults {
  const armed: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      armed.push(entry);
      return () => {
        entry.left = 0;
        const index = armed.indexOf(entry);
        if (index >= 0) {
          armed.splice(index, 1);
        }
      };
    },
    take(when, request) {
      const index = armed.findIndex(
        ({ fault }) =>
          fault.when === when &&
          fault.door === request.door &&
          fault.method === request.method &&
          // A pattern with the g flag keeps a position between tests.
          new RegExp(fault.path.source, fault.path.flags.replace("g", "")).test(request.path),
      );
      const entry = armed[index];
      if (entry === undefined) {
        return undefined;
      }
      entry.left -= 1;
      if (entry.left <= 0) {
        armed.splice(index, 1);
      }
      return entry.fault.act;
    },
    clear() {
      armed.length = 0;
    },
    get waiting() {
      return armed.length;
    },
  };
}
