import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { settledInMicrotasks } from "./settled.ts";

describe("settledInMicrotasks", () => {
  it("has the value, or the error, of a promise that waits for promises only", async () => {
    const after = async (turns: number): Promise<number> => {
      for (let turn = 0; turn < turns; turn += 1) {
        await undefined;
      }
      return turns;
    };
    expect(await settledInMicrotasks(after(100))).toBe(100);
    await expect(settledInMicrotasks(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  });

  it.each<[string, () => Promise<void>]>([
    ["the next tick", () => new Promise((resolve) => process.nextTick(resolve))],
    ["the next turn of the loop", () => setImmediate()],
  ])("fails for a promise that waits for %s", async (_, make) => {
    await expect(settledInMicrotasks(make())).rejects.toThrow("more than microtasks");
  });
});
