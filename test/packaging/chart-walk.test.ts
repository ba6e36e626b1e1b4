import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readIgnoreRules } from "../../formats/chart/package/ignore-rules.ts";
import { walkChart } from "../../packaging/chart-walk.ts";

let root = "";
let folder = "";
const roots: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-chart-walk-"));
  roots.push(root);
  folder = join(root, "app");
  await write("Chart.yaml");
});
afterAll(() => Promise.all(roots.map((path) => rm(path, { recursive: true }))));

async function write(path: string, text: string | Uint8Array = path): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const link = (target: string, path: string): Promise<void> => symlink(target, join(folder, path));

/** The paths of the files, or places and reasons of what is wrong. */
async function walked(ignored = ""): Promise<unknown> {
  const { files, mistakes } = await walkChart(folder, readIgnoreRules(ignored).rules);
  return mistakes.length > 0 ? mistakes.map(({ path, reason }) => [path, reason]) : files.map(({ path }) => path);
}

describe("walkChart", () => {
  it("finds files in the order of their bytes, with their bytes, and no folders", async () => {
    for (const path of ["templates/b.yaml", "templates/a/c", "ａ", "Größe", ".helmignore", "\u{1f680}", "Zebra"]) {
      await write(path);
    }
    await write("bytes", new Uint8Array([0xef, 0xbb, 0xbf, 0, 0xff]));
    await mkdir(join(folder, "empty", "emptier"), { recursive: true });
    const { files } = await walkChart(folder, readIgnoreRules("").rules);
    expect(files.map(({ path }) => path)).toEqual([
      ".helmignore",
      "Chart.yaml",
      "Größe",
      "Zebra",
      "bytes",
      "templates/a/c",
      "templates/b.yaml",
      "ａ",
      "\u{1f680}",
    ]);
    expect([...(files.find(({ path }) => path === "bytes")?.bytes ?? [])]).toEqual([0xef, 0xbb, 0xbf, 0, 0xff]);
  });

  it("leaves out files and whole folders, and what is in templates/ with a dot", async () => {
    for (const path of ["ci/a.yaml", "docs/deep/b", "keep/ci", "templates/.swp", "templates/a.yaml", "x.txt"]) {
      await write(path);
    }
    expect(await walked("ci/\n/docs\n*.txt\n")).toEqual(["Chart.yaml", "keep/ci", "templates/a.yaml"]);
  });

  it("follows links within the folder, as helm does", async () => {
    await write("files/a");
    await link("files", "again");
    await link("files/a", "b");
    await link("b", "c");
    await link(join(folder, "files"), "absolute");
    expect(await walked()).toEqual(["Chart.yaml", "absolute/a", "again/a", "b", "c", "files/a"]);
  });

  it("leaves out links that lead out or around, if a line says so", async () => {
    await link("..", "out");
    await link(".", "around");
    await link("/dev/null", "device");
    expect(await walked("out/\n/around\ndevice")).toEqual(["Chart.yaml"]);
  });

  it("reads a chart whose own folder is a link", async () => {
    await symlink("app", join(root, "link"));
    const { files, mistakes } = await walkChart(join(root, "link"), readIgnoreRules("").rules);
    expect([files.map(({ path }) => path), mistakes]).toEqual([["Chart.yaml"], []]);
  });
});

describe("walkChart, when a file cannot be packaged", () => {
  it.each([
    ["a link out", "../secret", "is a link that leads out of the chart's folder"],
    ["a link out to a folder", "..", "is a link that leads out of the chart's folder"],
    [
      "a link to a neighbour whose name begins in the same way",
      "../app2",
      "is a link that leads out of the chart's folder",
    ],
    ["an absolute link out", "/dev/null", "is a link that leads out of the chart's folder"],
    ["a broken link", "gone", "is a broken link"],
    ["a link to itself", "a", "is a broken link"],
    ["a link to its folder", ".", "is a link to a folder that it is in"],
    ["a link to git's folder", ".git/config", "is git's own, and may hold a token"],
  ])("refuses %s", async (_, target, reason) => {
    await writeFile(join(root, "secret"), "a token");
    await writeFile(join(root, "app2"), "a token");
    await write(".git/config");
    await link(target, "a");
    expect(await walked(".git")).toEqual([["a", reason]]);
  });

  it("refuses a broken link even if a line leaves it out", async () => {
    await link("gone", "a");
    expect(await walked("a")).toEqual([["a", "is a broken link"]]);
  });

  it("refuses two links that lead to each other's folders", async () => {
    await write("one/a");
    await write("two/b");
    await link("../two", "one/two");
    await link("../one", "two/one");
    expect(await walked()).toEqual([
      ["one/two/one", "is a link to a folder that it is in"],
      ["two/one/two", "is a link to a folder that it is in"],
    ]);
  });

  it.each([".git/config", ".GIT/config", "files/.git/config"])("refuses %s", async (path) => {
    await write(path);
    expect(await walked()).toEqual([[dirname(path), "is git's own, and may hold a token"]]);
  });

  it("refuses what is neither a file nor a folder", async () => {
    const server = await listening(join(folder, "socket"));
    expect(await walked()).toEqual([["socket", "is neither a file nor a folder"]]);
    expect(await walked("socket")).toEqual(["Chart.yaml"]);
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ["a\\b", /^has a backslash/],
    ["..data", /^has a name that helm refuses as a way out/],
  ])("refuses the name %s", async (path, reason) => {
    await write(path);
    expect(await walked()).toEqual([[path, expect.stringMatching(reason)]]);
  });

  it("refuses a name that is not UTF-8", async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]), "");
    expect(await walked()).toEqual([["a\ufffd", "has a name that is not UTF-8"]]);
  });

  it("refuses a file over 5 MiB, but not an archive in charts/, which is unpacked", async () => {
    await write("files/large");
    await write("charts/a-1.0.0.tgz");
    await truncate(join(folder, "charts/a-1.0.0.tgz"), 5 * 2 ** 20 + 1);
    await truncate(join(folder, "files/large"), 5 * 2 ** 20);
    expect(await walked()).toEqual(["Chart.yaml", "charts/a-1.0.0.tgz", "files/large"]);
    await truncate(join(folder, "files/large"), 5 * 2 ** 20 + 1);
    expect(await walked()).toEqual([["files/large", expect.stringMatching(/^is larger than 5 MiB/)]]);
  });

  it("reads no more than 100 MiB, and says so once", async () => {
    await write("charts/a-1.0.0.tgz");
    await write("charts/b-1.0.0.tgz");
    await truncate(join(folder, "charts/a-1.0.0.tgz"), 100 * 2 ** 20);
    const { files, mistakes } = await walkChart(folder, readIgnoreRules("").rules);
    expect(files.map(({ path }) => path)).toEqual(["Chart.yaml"]);
    expect(mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["charts/a-1.0.0.tgz", "makes the chart larger than 100 MiB, and helm loads no such chart"],
    ]);
  });
});

function listening(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(path, () => resolve(server));
  });
}
