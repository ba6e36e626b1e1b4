import { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { install } from "@sinonjs/fake-timers";

/** The time at which every schedule begins, in milliseconds. */
export const beginning = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Virtual time: nothing waits, and what happens next is decided by the clock alone. */
export interface Clock {
  /** Milliseconds since the schedule began. */
  elapsed(): number;
  /** Has something done after so many milliseconds. It belongs to no process. */
  after(milliseconds: number, act: () => void): void;
  /** Moves to the next timer, and fires it; false if there is none. */
  next(): boolean;
  /** Removes every timer, and goes back to the beginning. */
  reset(): void;
}

let timersSet = 0;

/** How many timers were ever set: more than before means that something has moved. */
export function countTimers(): number {
  return timersSet;
}

/** Replaces the timers, the date and the time limits of signals in this process, for good. */
export function installClock(): Clock {
  const clock = install({
    now: beginning,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    ignoreMissingTimers: true,
  });
  // The library calls a timer's function in the context of whoever moves the clock; it belongs to the process that set it.
  const bound =
    (set: (act: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) => unknown) =>
    (act: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) => {
      timersSet += 1;
      return set(AsyncResource.bind(act), milliseconds, ...args);
    };
  const { setTimeout: once, setInterval: repeatedly } = globalThis;
  Object.assign(globalThis, { setTimeout: bound(once as never), setInterval: bound(repeatedly as never) });
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("The operation timed out", "TimeoutError")), milliseconds);
    return controller.signal;
  };
  // `import { setTimeout } from "node:timers/promises"` gets the replacement as well.
  syncBuiltinESMExports();
  return {
    elapsed: () => Date.now() - beginning,
    after: (milliseconds, act) => void clock.setTimeout(act, milliseconds),
    next() {
      const some = clock.countTimers() > 0;
      if (some) {
        clock.next();
      }
      return some;
    },
    reset() {
      clock.reset();
      clock.setSystemTime(beginning);
    },
  };
}
