import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { withLock } from "../../../toolchain/machine/lock.mjs";
import { makeUpMachine } from "../made-up-machine.ts";

async function lockFolder(): Promise<string> {
  const folder = join((await makeUpMachine()).folder, "locks");
  await mkdir(folder);
  return folder;
}

/** Writes the lock that some other process would hold on `place`, and returns its file. */
async function writeLock(folder: string, place: string, pid: number): Promise<string> {
  let file = "";
  await withLock(place, { folder }, async () => {
    file = join(folder, (await readdir(folder))[0] ?? "");
  });
  await writeFile(file, `${pid}\n`);
  return file;
}

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = execa("true");
  await child;
  return child.pid ?? 0;
}

describe("withLock, when two set-ups want the same place", () => {
  it("lets them in one after the other", async () => {
    const folder = await lockFolder();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} in`);
      await sleep(50);
      seen.push(`${name} out`);
    };
    await Promise.all([withLock("/p", { folder }, work("a")), withLock("/p", { folder }, work("b"))]);
    expect(seen.map((entry) => entry.split(" ")[1])).toEqual(["in", "out", "in", "out"]);
  });

  it("reports to the second one which process it waits for", async () => {
    const folder = await lockFolder();
    const waits: number[] = [];
    const [started, waited] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const onWait = (pid: number) => {
      waits.push(pid);
      waited.resolve();
    };
    const first = withLock("/p", { folder }, async () => {
      started.resolve();
      await waited.promise;
    });
    await started.promise;
    await withLock("/p", { folder, onWait }, async () => {});
    await first;
    expect(waits).toEqual([process.pid]);
  });

  it("stops waiting when the set-up is given up", async () => {
    const folder = await lockFolder();
    await writeLock(folder, "/p", process.ppid);
    const signal = AbortSignal.timeout(50);
    await expect(withLock("/p", { folder, signal }, async () => "in")).rejects.toThrow("aborted");
  });
});

describe("withLock, when a lock was left behind", () => {
  it("takes it over if its process is gone", async () => {
    const folder = await lockFolder();
    await writeLock(folder, "/p", await deadProcess());
    expect(await withLock("/p", { folder }, async () => "in")).toBe("in");
  });

  it("takes it over if its number runs again as another process, but the lock is not touched", async () => {
    const folder = await lockFolder();
    const file = await writeLock(folder, "/p", process.ppid);
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(file, longAgo, longAgo);
    expect(await withLock("/p", { folder }, async () => "in")).toBe("in");
  });
});

describe("withLock, when the work fails", () => {
  it("leaves no lock", async () => {
    const folder = await lockFolder();
    await expect(withLock("/p", { folder }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readdir(folder)).toEqual([]);
  });
});
