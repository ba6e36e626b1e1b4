import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { backendFolder, lockFiles } from "../../../clients/locks/lock-files.ts";

const content = '{"pid":4711,"username":"ada","hostname":"laptop","timestamp":"2026-01-15T08:00:00Z"}';

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-locks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe("lockFiles, when the locks of a folder are listed", () => {
  it("all are there, with who holds them, and not what Pulumi keeps beside them", async () => {
    const folder = await folderWith({ "a.json": content, "a.json.attrs": "{}", "b.json": content });
    const locks = await lockFiles(folder).list();
    expect(locks.map(({ name }) => name)).toEqual([join(folder, "a.json"), join(folder, "b.json")]);
    expect(locks[0]).toMatchObject({ pid: 4711, username: "ada", hostname: "laptop", content });
  });

  it("a file that is no lock is as old as it is", async () => {
    const folder = await folderWith({ "a.json.18.tmp": '{"pid":' });
    await utimes(join(folder, "a.json.18.tmp"), 1000, 1000);
    expect(await lockFiles(folder).list()).toMatchObject([{ pid: 0, takenAt: 1_000_000 }]);
  });

  it("no folder has no locks", async () => {
    expect(await lockFiles(join(await folderWith({}), "none")).list()).toEqual([]);
  });

  it("a folder that cannot be read is no folder without locks", async () => {
    const folder = await folderWith({ file: "" });
    await expect(lockFiles(join(folder, "file")).list()).rejects.toThrow("ENOTDIR");
  });
});

describe("lockFiles, when a lock is removed from a folder", () => {
  it("only that one goes, with what Pulumi keeps beside it", async () => {
    const folder = await folderWith({ "a.json": content, "a.json.attrs": "{}", "b.json": content });
    const store = lockFiles(folder);
    const [first] = await store.list();
    await store.remove(first!);
    expect(await readdir(folder)).toEqual(["b.json"]);
  });

  it("another content by now stays", async () => {
    const folder = await folderWith({ "a.json": content });
    const store = lockFiles(folder);
    const [lock] = await store.list();
    await writeFile(join(folder, "a.json"), content.replace("4711", "4712"));
    await store.remove(lock!);
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("one that is gone is no failure", async () => {
    const folder = await folderWith({ "a.json": content });
    const store = lockFiles(folder);
    const [lock] = await store.list();
    await rm(join(folder, "a.json"));
    await store.remove(lock!);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("backendFolder", () => {
  it.each([
    ["file:///var/state", "/var/state"],
    ["file:///var/state?no_tmp_dir=true", "/var/state"],
    ["file://~", homedir()],
    ["file://~/state", join(homedir(), "state")],
    ["file://./state", join(process.cwd(), "state")],
    ["file://state", join(process.cwd(), "state")],
    [pathToFileURL("/var/my state").href, "/var/my state"],
  ])("%s is %s, as Pulumi has it", (url, folder) => {
    expect(backendFolder(url)).toBe(folder);
  });
});
