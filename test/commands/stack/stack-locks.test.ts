import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockFiles } from "../../../clients/locks/lock-files.ts";
import { freeStack, rulesHere } from "../../../commands/stack/stack-locks.ts";
import type { LocksBehindPulumi } from "../../../commands/stack/lock-backend.ts";
import { parseLock } from "../../../formats/stack-lock.ts";
import type { StackLock } from "../../../formats/stack-lock.ts";

const hour = 3_600_000;
const workflow = { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted" };
const options = { lockAge: 6 * hour, breakLock: false };
const rules = (env: NodeJS.ProcessEnv = {}, changed: Partial<typeof options> = {}) =>
  rulesHere("file:///state", { ...options, ...changed }, env);

function content(pid: number, host: string, age: number): string {
  const timestamp = new Date(Date.now() - age).toISOString();
  return JSON.stringify({ pid, username: "ada", hostname: host, timestamp });
}

/** A number that no process has any more. */
async function deadPid(): Promise<number> {
  const child = execa("true");
  await child;
  return child.pid ?? 0;
}

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-locks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe("freeStack, when a run was killed and the next one starts on the same machine", () => {
  it("leaves no lock", async () => {
    const folder = await folderWith({ "a.json": content(await deadPid(), hostname(), 1_000) });
    await freeStack("prod", lockFiles(folder), rules());
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("freeStack, when the state was restored from a workflow's cache with the young lock of a dead run", () => {
  const files = { "a.json": content(process.pid, "runner-of-another-run", 60_000) };
  // This process must be younger than the lock; the tests' own is not.
  const young = { ...rules(workflow), privateSince: Date.now() };

  it("goes", async () => {
    const folder = await folderWith(files);
    await freeStack("prod", lockFiles(folder), young);
    expect(await readdir(folder)).toEqual([]);
  });

  it("outside of a workflow the stack is refused", async () => {
    const folder = await folderWith(files);
    await expect(freeStack("prod", lockFiles(folder), rules())).rejects.toThrow("ada@runner-of-another-run");
    expect(await readdir(folder)).toEqual(["a.json"]);
  });
});

describe("freeStack, when a run lives on this machine", () => {
  it.each([
    ["by itself", rules()],
    ["and locks are to be broken", rules({}, { breakLock: true })],
    ["in a workflow", { ...rules(workflow), privateSince: Date.now() + hour }],
  ])("%s, its lock stays, and the stack is refused", async (_, its) => {
    const folder = await folderWith({
      "dead.json": content(await deadPid(), hostname(), 1_000),
      "living.json": content(process.pid, hostname(), 0),
    });
    await expect(freeStack("prod", lockFiles(folder), its)).rejects.toMatchObject({
      code: "STACK_LOCKED",
      message: expect.stringContaining(`ada@${hostname()} (process ${process.pid})`),
    });
    expect((await readdir(folder)).toSorted()).toEqual(["dead.json", "living.json"]);
  });
});

describe("freeStack, when two runs see one stale lock", () => {
  /** The other run removes the lock and takes its own, at the moment in which this one is about to remove it. */
  async function beside(other: string): Promise<{ folder: string; run: Promise<void> }> {
    const folder = await folderWith({ "stale.json": content(await deadPid(), hostname(), 1_000) });
    const store = lockFiles(folder);
    const remove = async (lock: StackLock): Promise<void> => {
      await rm(join(folder, "stale.json"));
      await writeFile(join(folder, other), content(process.pid, hostname(), 0));
      await store.remove(lock);
    };
    return { folder, run: freeStack("prod", { ...store, remove }, rules()) };
  }

  it.each([
    ["with a name of its own, as Pulumi does it", "living.json"],
    ["with the same name", "stale.json"],
  ])("the second keeps the first's living lock %s, and refuses", async (_, name) => {
    const { folder, run } = await beside(name);
    await expect(run).rejects.toThrow(`(process ${process.pid})`);
    expect(await readdir(folder)).toEqual([name]);
  });

  it("both go on where neither has a lock yet, and Pulumi decides", async () => {
    const folder = await folderWith({ "stale.json": content(await deadPid(), hostname(), 1_000) });
    await Promise.all([1, 2].map(() => freeStack("prod", lockFiles(folder), rules())));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("freeStack, when a process gets the number of a lock directly before its removal", () => {
  it("looks again, and the lock stays", async () => {
    const folder = await folderWith({ "a.json": content(4711, hostname(), 0) });
    let looks = 0;
    const processOf = async () => (looks++ === 0 ? undefined : { program: "pulumi", startedAt: Date.now() });
    await expect(freeStack("prod", lockFiles(folder), rules(), processOf)).rejects.toThrow("(process 4711)");
    expect(await readdir(folder)).toEqual(["a.json"]);
  });
});

describe("freeStack, when only Pulumi reads the backend", () => {
  function backend(...looks: StackLock[][]): LocksBehindPulumi & { removals: number } {
    const made = {
      removals: 0,
      list: async () => looks.shift() ?? [],
      removeAll: async () => {
        made.removals += 1;
      },
    };
    return made;
  }
  const old = parseLock("s3://bucket/1.json", content(1, "server", 7 * hour), 0);
  const young = parseLock("s3://bucket/2.json", content(1, "server", hour), 0);

  it("all are removed at once when all are stale", async () => {
    const store = backend([old], [old], []);
    await freeStack("prod", store, rules());
    expect(store.removals).toBe(1);
  });

  it.each([
    ["is not stale", [[old, young]]],
    ["came directly before the removal", [[old], [old, young]]],
  ])("none is removed when one %s", async (_, looks) => {
    const store = backend(...looks);
    await expect(freeStack("prod", store, rules())).rejects.toThrow("ada@server");
    expect(store.removals).toBe(0);
  });

  it("a lock that came after the removal is refused", async () => {
    const store = backend([old], [old], [young]);
    await expect(freeStack("prod", store, rules())).rejects.toThrow("ada@server");
  });
});

describe("rulesHere", () => {
  it.each([
    ["files on a laptop", "file:///state", {}, { hostIsOurs: true, private: false }],
    ["files in a workflow", "file:///state", workflow, { hostIsOurs: true, private: true }],
    ["a database on a laptop", "postgres://db/x", {}, { hostIsOurs: true, private: false }],
    ["a database in a workflow", "postgres://db/x", workflow, { hostIsOurs: false, private: false }],
    [
      "a database on a runner of one's own",
      "postgres://db/x",
      { ...workflow, RUNNER_ENVIRONMENT: "self-hosted" },
      { hostIsOurs: true, private: false },
    ],
  ])("%s", (_, backend, env, expected) => {
    const { hostIsOurs, privateSince } = rulesHere(backend, options, env);
    expect({ hostIsOurs, private: privateSince !== undefined }).toEqual(expected);
  });
});
