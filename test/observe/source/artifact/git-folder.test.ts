import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKind } from "../../../../observe/source/workspace/file-kind.ts";
import { observeFiles } from "../../../../observe/source/files.ts";
import { sourceHash } from "../../../../observe/source/artifact/source-hash.ts";
import { outlineOf } from "../../../../config/release/outline.ts";

let folder: string;
const at = (workspace: string, ...path: string[]): string => join(folder, workspace, ...path);

async function write(path: string, text = "something\n"): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o644);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-git-folder-"));
  for (const path of [
    ".git/config",
    ".gitignore",
    ".github/a.yml",
    "Dockerfile",
    "sub/.git",
    ".GIT/config",
    "a.git/b",
  ]) {
    await write(at("clone", path));
  }
  await write(at("clone", ".git", "a.spdx.json"), '{"spdxVersion":"SPDX-2.3"}');
  await symlink(".git/config", at("clone", "inside"));
  await symlink(".git", at("clone", "folder"));
  await symlink("inside", at("clone", "again"));
  await symlink("sub/.git", at("clone", "file"));
  await execa("mkfifo", [at("clone", "pipe")]);

  await write(at("linked", "data", "config"));
  await symlink("data", at("linked", ".git"));
  await write(at("separate", "data", "config"));
  await write(at("separate", ".git"), "gitdir: data\n");
  await write(at("none", "data", "config"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("fileKind, when a path leads into git's own folder", () => {
  it.each([
    ["clone", ".git/config"],
    ["clone", ".git"],
    ["clone", "sub/../.git/config"],
    ["clone", "inside"],
    ["clone", "again"],
    ["clone", "folder"],
    ["clone", "folder/config"],
    ["clone", "sub/.git"],
    ["clone", "file"],
    ["clone", ".GIT/config"],
    ["linked", "data/config"],
    ["separate", "data/config"],
    ["separate", "data"],
  ])("there is nothing, in %s: %s", async (workspace, path) => {
    expect(await fileKind(at(workspace), path)).toBe("missing");
  });

  it.each([
    ["clone", ".gitignore", "file"],
    ["clone", ".github/a.yml", "file"],
    ["clone", "a.git/b", "file"],
    ["clone", ".", "folder"],
    ["none", "data/config", "file"],
    ["linked", ".", "folder"],
  ])("that is not so of others, in %s: %s", async (workspace, path, kind) => {
    expect(await fileKind(at(workspace), path)).toBe(kind);
  });

  it.each([
    ["an asset", { assets: [{ path: ".git/config" }] }],
    ["an asset by a link", { assets: [{ path: "inside" }] }],
    ["assets by a glob", { assets: [{ glob: ".git/*" }] }],
    ["assets by a glob that does not name it", { assets: [{ glob: ".*/config" }] }],
    ["notes", { notes: { file: ".git/config" } }],
    ["notes by a link", { notes: { file: "inside" } }],
    ["a changelog", { notes: { changelog: ".git/config" } }],
    ["an SBOM", { images: [{ sbom: ".git/a.spdx.json" }] }],
    ["a Dockerfile", { images: [{ dockerfile: "inside" }] }],
    ["a build context", { images: [{ context: "folder" }] }],
  ])("is not taken as %s", async (_, unit) => {
    const { found: units, mistakes } = await observeFiles(
      { ...outlineOf({ units: [unit] }), workspace: at("clone") },
      String,
    );
    expect(mistakes.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^(does not exist|matches no file)$/)]);
    expect(units[0]).toMatchObject({ assets: [], changelog: undefined, notes: undefined });
  });
});

describe("fileKind, when a path leads to no file", () => {
  it("there is nothing: a named pipe", async () => {
    expect(await fileKind(at("clone"), "pipe")).toBe("missing");
  });

  it("a named pipe as notes is not read", async () => {
    const question = { ...outlineOf({ units: [{ notes: { file: "pipe" } }] }), workspace: at("clone") };
    const { mistakes } = await observeFiles(question, String);
    expect(mistakes.map(({ reason }) => reason)).toEqual(["does not exist"]);
  });
});

describe("sourceHash, when a build context has git's folder in it", () => {
  it("has the hash that it always had: the builder receives that folder", async () => {
    const context = at("context");
    for (const path of ["Dockerfile", ".git/config", "src/a.txt"]) {
      await write(join(context, path), `${path}\n`);
    }
    const hash = await sourceHash({ context, dockerfile: join(context, "Dockerfile") });
    expect(hash).toBe("ea1a8a90e1f9d0303f82ad827a2443f61574ff813dddea715b0a073a65950f03");
  });
});
