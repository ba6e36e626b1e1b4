import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { observeFiles } from "../../observe/source/files.ts";
import { Outline } from "../../spec/outline.ts";

let workspace: string;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-files-"));
  workspace = join(root, "workspace");
  await mkdir(join(workspace, "dist"), { recursive: true });
  await writeFile(join(root, "secret.txt"), "not for anybody");
  await writeFile(join(workspace, "dist", "app.tgz"), "the app");
  await writeFile(join(workspace, "dist", "empty.tgz"), "");
  await writeFile(join(workspace, ".env.example"), "A=1");
  await writeFile(join(workspace, "a b (1).txt"), "spaces");
  await writeFile(join(workspace, "long.md"), "x".repeat(120_000));
  await writeFile(join(workspace, "huge.bin"), "");
  await truncate(join(workspace, "huge.bin"), 2 ** 31);
  await symlink("../../secret.txt", join(workspace, "dist", "link.txt"));
  await symlink("app.tgz", join(workspace, "dist", "inside.tgz"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const observed = (unit: object) => observeFiles(Outline.parse({ workspace, units: [unit] }), (path) => path.join("."));

describe("when an asset can be attached", () => {
  it.each([
    ["a file", "dist/app.tgz", "app.tgz"],
    ["a link within the workspace", "dist/inside.tgz", "inside.tgz"],
  ])("takes %s", async (_, path, name) => {
    const { units, mistakes } = await observed({ assets: [{ path }] });
    expect([units[0]?.assets, mistakes]).toEqual([[{ path, name }], []]);
  });
});

describe("when an asset could not be attached", () => {
  it.each([
    ["an empty file", { path: "dist/empty.tgz" }, "is empty"],
    ["a file of 2 GiB", { path: "huge.bin" }, "has 2 GiB or more"],
    ["a name that begins with a dot", { path: ".env.example" }, "has a name that GitHub would change"],
    ["a name with spaces", { path: "a b (1).txt" }, "has a name that GitHub would change"],
    ["a link that leads out of the workspace", { path: "dist/link.txt" }, "does not exist"],
    ["a glob that matches such a link only", { glob: "dist/*.txt" }, "matches no file"],
    ["a glob that leads out of the workspace", { glob: "{../*.txt,nothing}" }, "matches no file"],
    ["a file that is not there", { path: "gone.txt" }, "does not exist"],
  ])("says so of %s", async (_, asset, reason) => {
    const { units, mistakes } = await observed({ assets: [asset] });
    expect(units[0]?.assets).toEqual([]);
    expect(mistakes.map((mistake) => mistake.reason)).toEqual([expect.stringContaining(reason)]);
  });
});

describe("when notes are taken from a file", () => {
  it("says so where GitHub would not take them", async () => {
    const { mistakes } = await observed({ notes: { file: "long.md" } });
    expect(mistakes).toEqual([expect.objectContaining({ path: "units.0.notes.file" })]);
  });
});
