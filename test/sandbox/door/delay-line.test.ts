import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectDelayed } from "../../../sandbox/door/delay-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Both ends of a line of 40 ms. `arrived` is what came out, and when. */
function line(notBefore?: number) {
  const begin = performance.now();
  const arrived: [string, number][] = [];
  const note = (what: string): boolean => arrived.push([what, performance.now() - begin]) > 0;
  const flow: string[] = [];
  const from = Object.assign(new EventEmitter(), {
    pause: () => flow.push("pause"),
    resume: () => flow.push("resume"),
  });
  const to = Object.assign(new EventEmitter(), {
    write: (bytes: Buffer) => note(bytes.length > 9 ? `${bytes.length} bytes` : bytes.toString()),
    end: () => note("end"),
    resetAndDestroy: () => note("reset"),
  });
  connectDelayed(from as never, to as never, 40, notBefore === undefined ? undefined : begin + notBefore);
  const say = (text: string): boolean => from.emit("data", Buffer.from(text));
  return { from, to, say, arrived, flow };
}

describe("connectDelayed", () => {
  it("passes on each piece as much later as the line is long, in order", () => {
    const { say, arrived } = line();
    say("a");
    vi.advanceTimersByTime(10);
    say("b");
    say("c");
    vi.advanceTimersByTime(90);
    say("d");
    vi.advanceTimersByTime(100);
    expect(arrived).toEqual([
      ["a", 40],
      ["b", 50],
      ["c", 50],
      ["d", 140],
    ]);
  });
  it("counts what is sent during the handshake as sent at its end", () => {
    const { say, arrived } = line(80);
    say("a");
    vi.advanceTimersByTime(50);
    say("b");
    vi.advanceTimersByTime(50);
    say("c");
    vi.advanceTimersByTime(100);
    expect(arrived).toEqual([
      ["a", 120],
      ["b", 120],
      ["c", 140],
    ]);
  });
  it.each([
    ["the end", "end", undefined, "end"],
    ["a reset", "error", new Error("ECONNRESET"), "reset"],
  ])("passes on %s behind the bytes before it", (_, event, argument, what) => {
    const { from, say, arrived } = line();
    say("a");
    vi.advanceTimersByTime(10);
    from.emit(event, argument);
    vi.advanceTimersByTime(100);
    expect(arrived).toEqual([
      ["a", 40],
      [what, 50],
    ]);
  });
  it("stops reading while 16 MiB are on the way", () => {
    const { from, flow } = line();
    from.emit("data", Buffer.alloc(16 * 1024 * 1024));
    const full = [...flow];
    from.emit("data", Buffer.alloc(1));
    const over = [...flow];
    vi.advanceTimersByTime(40);
    expect([full, over, flow]).toEqual([[], ["pause"], ["pause", "resume", "resume"]]);
  });
  it("stops reading until the other end has room again", () => {
    const { to, say, flow } = line();
    to.write = () => false;
    say("a");
    vi.advanceTimersByTime(40);
    const full = [...flow];
    to.emit("drain");
    expect([full, flow]).toEqual([["pause"], ["pause", "resume"]]);
  });
  it("delivers nothing to a socket that is closed", () => {
    const { to, say, arrived } = line();
    say("a");
    to.emit("close");
    vi.advanceTimersByTime(100);
    expect(arrived).toEqual([]);
  });
});
