import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as SharedAnswers from "../../clients/shared-answers.ts";

let processes = 0;

/** The module as another process has it: with a memory of its own. */
async function freshModule(): Promise<typeof SharedAnswers> {
  const address = `../../clients/shared-answers.ts?process=${++processes}`;
  return (await import(address)) as typeof SharedAnswers;
}

/** A question that counts how often it was asked. */
function counted(): { ask: () => Promise<string>; times: () => number } {
  let times = 0;
  return { ask: async () => `answer ${++times}`, times: () => times };
}

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-answers-"));
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("shareAnswer, outside of a run", () => {
  it("asks once for those who ask side by side, and again later", async () => {
    const { shareAnswer } = await freshModule();
    const { ask } = counted();
    const both = await Promise.all([shareAnswer(["a"], ask), shareAnswer(["a"], ask)]);
    expect([...both, await shareAnswer(["a"], ask)]).toEqual(["answer 1", "answer 1", "answer 2"]);
  });

  it("does not mistake one question for another", async () => {
    const { shareAnswer } = await freshModule();
    const both = await Promise.all([shareAnswer(["a", "b"], async () => 1), shareAnswer(["a,b"], async () => 2)]);
    expect(both).toEqual([1, 2]);
  });
});

describe("shareAnswer, in a run", () => {
  beforeEach(() => vi.stubEnv("LOCKSTEP_RUN_FOLDER", folder));

  it("asks once in all processes", async () => {
    const { ask, times } = counted();
    const value = { bytes: Buffer.from("é"), none: undefined, tags: new Map([["v1", "abc"]]) };
    const first = await (await freshModule()).shareAnswer(["a"], async () => (await ask(), value));
    const other = await freshModule();
    const second = await other.shareAnswer<typeof value>(["a"], async () => (await ask(), value));
    expect([first, second, times()]).toEqual([value, value, 1]);
    expect(second.bytes.toString()).toBe("é");
  });

  it("asks again two minutes after the question", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { shareAnswer } = await freshModule();
    const { ask } = counted();
    await shareAnswer(["a"], ask);
    vi.advanceTimersByTime(119_999);
    expect(await shareAnswer(["a"], ask)).toBe("answer 1");
    vi.advanceTimersByTime(1);
    expect(await shareAnswer(["a"], ask)).toBe("answer 2");
    vi.advanceTimersByTime(120_000);
    expect(await (await freshModule()).shareAnswer(["a"], ask)).toBe("answer 3");
  });

  it("does not keep a failure", async () => {
    const { shareAnswer } = await freshModule();
    await expect(shareAnswer(["a"], () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(await shareAnswer(["a"], counted().ask)).toBe("answer 1");
  });

  it.each([
    ["is cut", async (path: string) => writeFile(path, "")],
    ["is not an answer", async (path: string) => writeFile(path, Buffer.from([0xff, 0x0f, 0x30]))],
    ["is gone with its folder", async () => rm(folder, { recursive: true })],
  ])("asks again if the kept answer %s", async (_, damage) => {
    const { ask } = counted();
    await (await freshModule()).shareAnswer(["a"], ask);
    const [name = ""] = await readdir(folder);
    await damage(join(folder, name));
    expect(await (await freshModule()).shareAnswer(["a"], ask)).toBe("answer 2");
  });

  it("leaves nothing unfinished behind", async () => {
    const { shareAnswer } = await freshModule();
    await Promise.all(["a", "b", "c"].map((name) => shareAnswer([name], async () => name)));
    expect((await readdir(folder)).every((name) => name.endsWith(".answer"))).toBe(true);
  });
});
