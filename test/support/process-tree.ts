import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Ids of all living descendants of a process, read from /proc. */
export async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        if (parent) {
          parents.set(Number(name), parent);
        }
      }),
  );
  const found: number[] = [];
  for (let at = [root]; at.length > 0;) {
    at = [...parents].filter(([, parent]) => at.includes(parent)).map(([child]) => child);
    found.push(...at);
  }
  return found;
}

/** Command line of a process; empty where it is gone. */
export async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ").trim();
}

/**
 * Waits until processes are gone (a zombie is gone).
 * @returns ids of those that still live after `milliseconds`
 */
export async function survivors(pids: readonly number[], milliseconds: number): Promise<number[]> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const living = (
      await Promise.all(
        pids.map(async (pid) => {
          const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
          return stat === "" || stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z") ? [] : [pid];
        }),
      )
    ).flat();
    if (living.length === 0 || Date.now() > deadline) {
      return living;
    }
    await delay(50);
  }
}
