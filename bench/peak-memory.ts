import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine, descendants } from "../test/support/process-tree.ts";

/** The most memory that the processes of a run had, in MB: `VmHWM` of /proc. */
export interface PeakMemory {
  /** The process of the program. */
  program: number;
  /** The process of the providers; of two, the larger one. */
  providers: number;
}

/** How often /proc is read, in milliseconds. A process that lives shorter than that may be missed. */
const interval = 250;

/**
 * Watches the processes of a run until it ends.
 * @param root id of the run's own process
 * @param ended resolves when the run ends
 */
export async function watchPeakMemory(root: number, ended: Promise<unknown>): Promise<PeakMemory> {
  const peak: PeakMemory = { program: 0, providers: 0 };
  const over = ended.then(() => true);
  for (let isOver = false; !isOver; isOver = await Promise.race([delay(interval, false), over])) {
    for (const pid of await descendants(root)) {
      const command = await commandLine(pid);
      const kind = command.includes("dynamic-provider")
        ? "providers"
        : command.includes("cmd/run")
          ? "program"
          : undefined;
      if (kind !== undefined) {
        peak[kind] = Math.max(peak[kind], await readPeak(pid));
      }
    }
  }
  return peak;
}

async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
}
