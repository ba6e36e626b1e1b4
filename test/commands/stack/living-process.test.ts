import { once } from "node:events";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { findLivingProcess } from "../../../commands/stack/living-process.ts";

/** A process that lives until the test ends. */
function sleeping(): { pid: number; ended: Promise<unknown> } {
  const child = execa("sleep", ["600"], { reject: false });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await child;
  });
  return { pid: child.pid ?? 0, ended: child };
}

describe.each(["linux", "darwin"] as const)("findLivingProcess on %s", (platform) => {
  it("one that lives has its program and its start", async () => {
    const before = Date.now();
    const { pid } = sleeping();
    const found = await findLivingProcess(pid, platform);
    expect(found?.program).toBe("sleep");
    // ps says whole seconds.
    expect(found?.startedAt).toBeGreaterThan(before - 2_000);
    expect(found?.startedAt).toBeLessThan(Date.now() + 2_000);
  });

  it("one that ended is none", async () => {
    const child = execa("true");
    await child;
    expect(await findLivingProcess(child.pid ?? 0, platform)).toBeUndefined();
  });

  it("one that ended and was not collected is none", async () => {
    // The shell becomes a sleep, which never collects the child that the shell had.
    const parent = execa("sh", ["-c", "true & echo $!; exec sleep 600"], { reject: false });
    onTestFinished(async () => {
      parent.kill("SIGKILL");
      await parent;
    });
    const [first] = (await once(parent.stdout, "data")) as [Buffer];
    await expect.poll(() => findLivingProcess(Number(String(first)), platform)).toBeUndefined();
  });

  it.each([0, -1, 4_194_305])("%i is none", async (pid) => {
    expect(await findLivingProcess(pid, platform)).toBeUndefined();
  });
});
