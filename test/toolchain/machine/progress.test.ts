import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { duration, Progress } from "../../../toolchain/machine/progress.mjs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function written(isTTY: boolean): { lines: () => string[]; progress: Progress } {
  let text = "";
  const stream = { isTTY, columns: 60, write: (more: string) => void (text += more) };
  return { lines: () => text.split("\n"), progress: new Progress(stream, 8) };
}

describe("Progress, when no one watches a terminal", () => {
  it("writes a line at the start, every 15 s and at the end", () => {
    const { lines, progress } = written(false);
    const row = progress.row(3, "pulumi 3.259.0");
    row.say("building from source");
    for (let second = 1; second <= 80; second += 1) {
      row.say(`building from source, package ${second}`);
      vi.advanceTimersByTime(1000);
    }
    row.done("built from source");
    progress.close();
    expect(lines()).toEqual([
      "[3/8] pulumi 3.259.0: building from source",
      "[3/8] pulumi 3.259.0: building from source, package 15, 15 s",
      "[3/8] pulumi 3.259.0: building from source, package 30, 30 s",
      "[3/8] pulumi 3.259.0: building from source, package 45, 45 s",
      "[3/8] pulumi 3.259.0: building from source, package 60, 1 m 0 s",
      "[3/8] pulumi 3.259.0: building from source, package 75, 1 m 15 s",
      "[3/8] pulumi 3.259.0: built from source, 1 m 20 s",
      "",
    ]);
  });
});

describe("Progress, when there is something not to be overlooked", () => {
  it.each([false, true])("writes a line that stays (terminal: %s)", (terminal) => {
    const { lines, progress } = written(terminal);
    const row = progress.row(3, "registry 3.1.2");
    row.say("downloading");
    row.note("the official download failed");
    const line = lines().at(-2)?.split("\u001b[2K").at(-1); // what a terminal shows after it was erased
    expect(line).toBe("[3/8] registry 3.1.2: the official download failed");
    progress.close();
  });
});

describe("Progress, when a tool only waits for another", () => {
  it("is reported once, and again when it goes on", () => {
    const { lines, progress } = written(false);
    const row = progress.row(4, "registry 3.1.2");
    row.say("waiting for another build", true);
    vi.advanceTimersByTime(40_000);
    row.say("building from source");
    vi.advanceTimersByTime(1000);
    progress.close();
    expect(lines()).toEqual([
      "[4/8] registry 3.1.2: waiting for another build",
      "[4/8] registry 3.1.2: building from source, 41 s",
      "",
    ]);
  });

  it("leaves the place on a terminal to the one that works", () => {
    const { lines, progress } = written(true);
    progress.row(4, "registry 3.1.2").say("waiting for another build", true);
    progress.row(3, "pulumi 3.259.0").say("building from source");
    expect(lines().at(-1)).toContain("\r\u001b[2K[3/8] pulumi 3.259.0: building from source, 0 s; [4/8]");
    progress.close();
  });
});

describe("Progress, when someone watches a terminal", () => {
  it("rewrites one line no wider than the terminal", () => {
    const { lines, progress } = written(true);
    const row = progress.row(3, "pulumi 3.259.0");
    row.say("building from source, package 412, and many more words than fit");
    expect(lines()).toEqual(["[3/8] pulumi 3.259.0: building from source, package 412, an"]);
    progress.close();
  });
});

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [59_400, "59 s"],
    [59_600, "1 m 0 s"],
    [80_000, "1 m 20 s"],
    [3_725_000, "62 m 5 s"],
  ])("%i ms is %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
});
