import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { setUp } from "../../toolchain/set-up.mjs";
import { ToolError } from "../../toolchain/machine/tool-error.mjs";
import type { Job, Tool } from "../../toolchain/machine/tool.mjs";
import { makeUpMachine } from "./made-up-machine.ts";

interface Made extends Tool {
  installed: number;
}

/** A tool that is there once `install` has come to its end. */
function made(name: string, install: (job: Job) => Promise<unknown> = async () => {}): Made {
  const tool: Made = {
    name,
    version: "1.0.0",
    installed: 0,
    path: () => `/made-up/${name}`,
    found: () => (tool.installed > 0 ? "made" : undefined),
    install: async (job) => {
      job.say("working");
      await install(job);
      tool.installed += 1;
      return "made";
    },
  };
  return tool;
}

function screen(): { text: string; write: (text: string) => void } {
  const self = { text: "", write: (text: string) => void (self.text += text) };
  return self;
}

describe("setUp, when every tool is there", () => {
  it("says nothing", async () => {
    const stream = screen();
    const tool = made("a");
    tool.installed = 1;
    await setUp(await makeUpMachine(), { wanted: [tool], stream });
    expect(stream.text).toBe("");
  });
});

describe("setUp, when a tool is missing", () => {
  it("says when it starts and when it is there", async () => {
    const stream = screen();
    await setUp(await makeUpMachine(), { wanted: [made("a"), made("b")], stream });
    expect(stream.text.split("\n").sort()).toEqual([
      "",
      "[1/2] a 1.0.0: made, 0 s",
      "[1/2] a 1.0.0: working",
      "[2/2] b 1.0.0: made, 0 s",
      "[2/2] b 1.0.0: working",
    ]);
  });

  it("lets a tool wait for one that comes later", async () => {
    const order: string[] = [];
    const late = made("late", async () => {
      await sleep(20);
      order.push("late");
    });
    const early = made("early", async (job) => {
      await job.ready(late);
      order.push("early");
    });
    await setUp(await makeUpMachine(), { wanted: [early, late], stream: screen() });
    expect(order).toEqual(["late", "early"]);
  });

  it("runs one build at a time", async () => {
    let now = 0;
    let most = 0;
    const build = (job: Job) =>
      job.inBuildQueue(async () => {
        most = Math.max(most, ++now);
        await sleep(20);
        now -= 1;
      });
    const wanted = [made("a", build), made("b", build), made("c", build)];
    await setUp(await makeUpMachine(), { wanted, stream: screen() });
    expect(most).toBe(1);
  });
});

describe("setUp, when two set-ups run at once", () => {
  it("installs a tool once", async () => {
    const machine = await makeUpMachine();
    const tool = made("a", () => sleep(50));
    const both = [1, 2].map(() => setUp(machine, { wanted: [tool], stream: screen() }));
    await Promise.all(both);
    expect(tool.installed).toBe(1);
  });

  it("says in the second that it waits", async () => {
    const machine = await makeUpMachine();
    const [started, waited] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const tool = made("a", async () => {
      started.resolve();
      await waited.promise;
    });
    const first = setUp(machine, { wanted: [tool], stream: screen() });
    await started.promise;
    let text = "";
    const write = (more: string) => {
      text += more;
      waited.resolve();
    };
    await setUp(machine, { wanted: [tool], stream: { write } });
    await first;
    expect(text).toContain(`waiting for process ${process.pid}, which is installing it`);
  });
});

describe("setUp, when a tool cannot be installed", () => {
  it("touches nothing if that is known before", async () => {
    const other = made("other");
    const tool = { ...made("a"), check: () => Promise.reject(new ToolError("no compiler")) };
    await expect(setUp(await makeUpMachine(), { wanted: [other, tool], stream: screen() })).rejects.toThrow(
      "no compiler",
    );
    expect(other.installed).toBe(0);
  });

  it("gives the others up", async () => {
    const slow = made("slow", ({ signal }) => sleep(60_000, undefined, { signal }));
    const broken = made("broken", () => Promise.reject(new ToolError("broken: no")));
    const done = setUp(await makeUpMachine(), { wanted: [slow, broken], stream: screen() });
    await expect(done).rejects.toThrow("broken: no");
  });

  it("goes on after saying so if only part of the project needs it", async () => {
    const stream = screen();
    const part = made("part", () => Promise.reject(new ToolError("part: install it", { bearable: true })));
    const other = made("other");
    await setUp(await makeUpMachine(), { wanted: [part, other], stream });
    expect([other.installed, stream.text.includes("part: install it")]).toEqual([1, true]);
  });
});

describe("setUp, when the reader gives it up", () => {
  it("ends what runs, and is done by the next run", async () => {
    const machine = await makeUpMachine();
    let patience = 60_000;
    const tool = made("a", ({ signal }) => sleep(patience, undefined, { signal }));
    const signal = AbortSignal.timeout(50);
    await expect(setUp(machine, { wanted: [tool], stream: screen(), signal })).rejects.toThrow("aborted");
    patience = 0;
    await setUp(machine, { wanted: [tool], stream: screen() });
    expect(tool.installed).toBe(1);
  });
});
