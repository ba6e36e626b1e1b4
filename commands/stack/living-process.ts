import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";
import type { LivingProcess } from "../../plan/locks/stale-lock.ts";

/** Linux gives times of processes to programs in hundredths of a second, on every processor that Node runs on (USER_HZ). */
const tick = 10;

/**
 * Finds a process of this machine.
 * @param pid from a lock
 * @param platform as `process.platform`; default: this machine's
 * @returns undefined if no process has the number, or only a dead one that its parent has not collected. The program is empty and the start
 * undefined if the system does not show them to this user
 */
export async function findLivingProcess(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<LivingProcess | undefined> {
  if (!isThere(pid)) {
    return undefined;
  }
  const shown = await (platform === "linux" ? readProc(pid) : askPs(pid));
  if (shown?.dead) {
    return undefined;
  }
  return { program: shown?.program ?? "", startedAt: shown?.startedAt };
}

interface ShownProcess extends LivingProcess {
  dead: boolean;
}

function isThere(pid: number): boolean {
  // 0 and negative numbers mean groups of processes.
  if (pid <= 0) {
    return false;
  }
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * The start is counted from our own: what /proc says of the machine's start is another machine's in some containers, and moves when the
 * clock is set.
 */
async function readProc(pid: number): Promise<ShownProcess | undefined> {
  const [its, ours] = await Promise.all([procStat(pid), procStat(process.pid)]);
  if (its === undefined) {
    return undefined;
  }
  const startedAt = ours && performance.timeOrigin + (its.ticks - ours.ticks) * tick;
  return { program: its.program, startedAt, dead: /[ZX]/.test(its.state) };
}

/** Source: proc_pid_stat(5). The name, field 2, is in brackets and may hold brackets and spaces itself. */
async function procStat(pid: number): Promise<{ program: string; state: string; ticks: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, program = "", rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
  const fields = rest.split(" ");
  return program === "" ? undefined : { program, state: fields[0] ?? "", ticks: Number(fields[19]) };
}

async function askPs(pid: number): Promise<ShownProcess | undefined> {
  const env = { TZ: "UTC", LC_ALL: "C" };
  const { stdout = "" } = await execa("ps", ["-o", "stat=,lstart=,comm=", "-p", String(pid)], { env, reject: false });
  const [, state = "", start = "", program = ""] = /^\s*(\S+)\s+((?:\S+\s+){4}\d{4})\s+(.+)$/.exec(stdout) ?? [];
  const startedAt = Date.parse(`${start} UTC`);
  return Number.isNaN(startedAt)
    ? undefined
    : { program: basename(program.trim()), startedAt, dead: state.startsWith("Z") };
}
