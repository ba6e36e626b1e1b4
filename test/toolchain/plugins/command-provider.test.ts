import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { versions } from "../../../toolchain/machine/versions.mjs";
import { archiveSignature, assetSignature, secret, signatureKey } from "../../../toolchain/plugins/wire-values.mjs";
import { survivors } from "../../support/process-tree.ts";
import { startCommandPlugin } from "./command-plugin.ts";
import type { CommandPlugin } from "./command-plugin.ts";

/** Keeps nothing between two requests, so one is enough. */
let plugin: CommandPlugin;

beforeAll(async () => {
  plugin = await startCommandPlugin();
  return () => plugin.end();
});

afterEach(() => {
  plugin.logged.length = 0;
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-command-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Waits until a file has a text, and returns it. */
async function textOf(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) {
      return text.trim();
    }
    await pause(10);
  }
}

describe("the command plugin's stand-in, when the engine prepares", () => {
  it("has the version of the plugin that it stands in for", async () => {
    expect(await plugin.version()).toBe(versions.command);
  });

  it("wants no create and no update in a preview", async () => {
    expect(await plugin.acceptsPreviews()).toBe(false);
  });

  it("names the inputs that are wrong, and why", async () => {
    expect(await plugin.check({ create: 7 })).toEqual({
      inputs: { create: 7, addPreviousOutputInEnv: true },
      failures: [["create", "must be a string"]],
    });
  });

  it("refuses what only the official plugin does, and says how to get that", async () => {
    await expect(plugin.check({}, "command:remote:Command")).rejects.toThrow(
      /^command:remote:Command is not part of Lockstep's stand-in .*\(pulumi plugin install resource command 1\.2\.1 --reinstall\)\.$/,
    );
    await expect(plugin.invoke()).rejects.toThrow("invoke is not part of Lockstep's stand-in for the command plugin");
  });
});

describe("the command plugin's stand-in, when inputs are compared", () => {
  const olds = { create: "true", environment: { A: "1", B: secret("2") }, triggers: [1, { a: "b" }] };

  it.each([
    ["the same", { ...olds, environment: { B: secret("2"), A: "1" } }, [], []],
    ["another create", { ...olds, create: "false" }, ["create"], []],
    ["another variable", { ...olds, environment: { A: "2", B: secret("2") } }, ["environment"], []],
    ["another secret", { ...olds, environment: { A: "1", B: secret("3") } }, ["environment"], []],
    ["an update added", { ...olds, update: "true" }, ["update"], []],
    ["an input taken away", { create: "true", triggers: olds.triggers }, ["environment"], []],
    ["another trigger", { ...olds, triggers: [1, { a: "c" }] }, ["triggers"], ["triggers"]],
    ["another trigger and an update", { ...olds, triggers: [], update: "true" }, ["triggers", "update"], ["triggers"]],
  ])("%s", async (_, news, diffs, replaces) => {
    expect(await plugin.diff(olds, news)).toEqual({ changes: diffs.length > 0, diffs, replaces });
  });
});

describe("the command plugin's stand-in, when a command is created", () => {
  it.each<[string, Record<string, unknown>, { stdout: string; stderr: string }]>([
    ["what it prints", { create: "echo out; echo err >&2" }, { stdout: "out", stderr: "err" }],
    ["one line end less", { create: "printf 'a\\n\\n'" }, { stdout: "a\n", stderr: "" }],
    ["more than ASCII", { create: "printf 'ü€'" }, { stdout: "ü€", stderr: "" }],
    ["nothing without a create", { delete: "echo delete" }, { stdout: "", stderr: "" }],
    ["variables", { create: 'echo "$A"', environment: { A: "one two" } }, { stdout: "one two", stderr: "" }],
    ["standard input", { create: "cat", stdin: "text" }, { stdout: "text", stderr: "" }],
    ["no standard input", { create: "cat" }, { stdout: "", stderr: "" }],
    ["input that it does not read", { create: "true", stdin: "x".repeat(200_000) }, { stdout: "", stderr: "" }],
    ["a folder", { create: "pwd", dir: "/" }, { stdout: "/", stderr: "" }],
    ["an interpreter", { create: "1 + 1", interpreter: [process.execPath, "-p"] }, { stdout: "2", stderr: "" }],
  ])("keeps its inputs and %s", async (_, inputs, outputs) => {
    const { id, state } = await plugin.create(inputs);
    expect(id).toMatch(/^a::name[0-9a-f]{8}$/);
    expect(state).toEqual({ ...inputs, ...outputs });
  });

  it.each<[string | undefined, string[]]>([
    [undefined, ["err", "out"]],
    ["stdoutAndStderr", ["err", "out"]],
    ["stdout", ["out"]],
    ["stderr", ["err"]],
    ["none", []],
  ])("with logging %s shows %j while it runs", async (logging, shown) => {
    await plugin.create({ create: "echo out; echo err >&2", ...(logging && { logging }) });
    await expect.poll(() => plugin.logged.toSorted()).toEqual(shown);
  });

  it.each([
    ["ends with an error", { create: "echo out; echo err >&2; exit 3" }, /^exit code 3, of the command echo [^\n]*\n/],
    ["is killed", { create: "kill -9 $$" }, /^ended by SIGKILL, of the command kill/],
    ["has no interpreter", { create: "x", interpreter: ["/nowhere"] }, /^\/nowhere cannot be started in \/.*: ENOENT$/],
    ["has no folder", { create: "x", dir: "/nowhere" }, /^\/bin\/sh cannot be started in \/nowhere: ENOENT$/],
  ])("fails if it %s", async (_, inputs, message) => {
    await expect(plugin.create(inputs)).rejects.toThrow(message);
  });

  it("fails with all that it printed", async () => {
    await expect(plugin.create({ create: "echo out; echo err >&2; false" })).rejects.toThrow(
      /\n(out\nerr|err\nout)\n$/,
    );
  });

  it("finds the files that it made", async () => {
    const dir = await makeFolder();
    const { state } = await plugin.create({
      create: "echo a > a.txt; echo b > b.md",
      dir,
      assetPaths: ["*.txt"],
      archivePaths: ["*", "!a.*"],
    });
    const asset = (name: string) => ({
      [signatureKey]: assetSignature,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      path: join(dir, name),
    });
    expect(state["assets"]).toEqual({ "a.txt": asset("a.txt") });
    expect(state["archive"]).toEqual({ [signatureKey]: archiveSignature, assets: { "b.md": asset("b.md") } });
  });
});

describe("the command plugin's stand-in, when an input is secret", () => {
  const inputs = { create: 'echo "$TOKEN"', environment: { TOKEN: secret("hush-hush\nsecond") } };

  it("runs with the value, and marks what the command left behind", async () => {
    const { state } = await plugin.create(inputs);
    expect(state).toEqual({ ...inputs, stdout: secret("hush-hush\nsecond"), stderr: secret("") });
  });

  it("shows it neither while the command runs nor in an error", async () => {
    const create = 'echo "a $TOKEN"; exit 1';
    await expect(plugin.create({ ...inputs, create })).rejects.toThrow(
      'exit code 1, of the command echo "a $TOKEN"; exit 1\na [secret]\n',
    );
    await expect.poll(() => plugin.logged).toEqual(["a [secret]", "[secret]"]);
  });

  it("hides the command itself if that is secret", async () => {
    await expect(plugin.create({ create: secret("exit 4") })).rejects.toThrow(
      /^exit code 4, of the command \[secret\]\n$/,
    );
  });
});

describe("the command plugin's stand-in, when a command is updated", () => {
  const olds = { create: "echo new", stdout: "old out", stderr: "old err" };
  const print = 'echo "$PULUMI_COMMAND_STDOUT, $PULUMI_COMMAND_STDERR"';

  it.each<[string, Record<string, unknown>, string]>([
    ["runs update", { create: "echo create", update: "echo update" }, "update"],
    ["runs create if there is no update", { create: "echo create" }, "create"],
    ["gives it the last output", { update: print }, "old out, old err"],
    ["gives it none if that is not wanted", { update: print, addPreviousOutputInEnv: false }, ","],
  ])("%s", async (_, inputs, stdout) => {
    expect(await plugin.update(olds, inputs)).toEqual({ ...inputs, stdout: expect.stringMatching(stdout), stderr: "" });
  });

  it("keeps the last output if there is nothing to run", async () => {
    const old = { ...olds, stdout: secret("old out"), assets: {}, archive: {} };
    expect(await plugin.update(old, { delete: "true" })).toEqual({
      delete: "true",
      stdout: secret("old out"),
      stderr: "old err",
      assets: {},
      archive: {},
    });
  });
});

describe("the command plugin's stand-in, when a command is read", () => {
  it("returns what the engine knows", async () => {
    const state = { create: "true", stdout: "out", stderr: "" };
    const inputs = { create: "true" };
    expect(await plugin.read(state, inputs)).toEqual({ id: "id", state, inputs });
  });
});

describe("the command plugin's stand-in, when a command is deleted", () => {
  it("runs delete with the last output", async () => {
    const dir = await makeFolder();
    const state = { create: "false", delete: 'echo "$PULUMI_COMMAND_STDOUT" > deleted', dir, stdout: secret("out") };
    await plugin.delete(state);
    expect(await readFile(join(dir, "deleted"), "utf8")).toBe("out\n");
  });

  it("runs nothing if it has no delete", async () => {
    await expect(
      plugin.delete({ create: "exit 1", update: "exit 1", stdout: "", stderr: "" }),
    ).resolves.toBeUndefined();
  });

  it("fails if delete does", async () => {
    await expect(plugin.delete({ delete: "exit 5" })).rejects.toThrow(/^exit code 5, of the command exit 5/);
  });
});

describe("the command plugin's stand-in, when a command still runs", () => {
  /** A command that starts another one, and writes down its process. */
  const endless = "sleep 600 & echo $! > pid; wait";

  it("ends it, and what it started, when the engine cancels", async () => {
    const own = await startCommandPlugin();
    onTestFinished(() => own.end());
    const dir = await makeFolder();
    const created = own.create({ create: endless, dir }).catch((error: Error) => error.message);
    const pid = Number(await textOf(join(dir, "pid")));
    await own.cancel();
    expect(await created).toMatch(/^ended by SIGTERM/);
    expect(await survivors([pid], 5000)).toEqual([]);
  });

  it("ends with the engine, and ends it", async () => {
    const own = await startCommandPlugin();
    onTestFinished(() => own.end());
    const dir = await makeFolder();
    const created = own.create({ create: endless, dir }).catch(() => "ended");
    const pid = Number(await textOf(join(dir, "pid")));
    expect(await own.closeInput()).toBe(0);
    expect(await survivors([pid], 5000)).toEqual([]);
    expect(await created).toBe("ended");
  });
});
