import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { Pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { unpackChart } from "../../../../formats/chart/package/chart-archive.ts";
import { packageLimit } from "../../../../formats/chart/package/chart-file.ts";

/** A gzipped tar with what a function adds to it. */
async function archive(add: (tar: Pack) => void): Promise<Buffer> {
  const tar = pack();
  add(tar);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) {
    chunks.push(chunk as Uint8Array);
  }
  return gzipSync(Buffer.concat(chunks));
}

/** A chart with files of these names, each with its own name as its content. */
const named = (...names: string[]): Promise<Buffer> =>
  archive((tar) => {
    for (const name of names) {
      tar.entry({ name }, name);
    }
  });

async function unpacked(bytes: Uint8Array, most = packageLimit): Promise<unknown> {
  const files = await unpackChart(bytes, most);
  return Array.isArray(files)
    ? Object.fromEntries(files.map(({ path, bytes: of }) => [path, Buffer.from(of).toString()]))
    : files;
}

describe("unpackChart", () => {
  it("drops the first part of each path, whatever it is", async () => {
    expect(await unpacked(await named("app/Chart.yaml", "other/templates/a.yaml"))).toEqual({
      "Chart.yaml": "app/Chart.yaml",
      "templates/a.yaml": "other/templates/a.yaml",
    });
  });

  it("reads names of any length and script, and those with backslashes from Windows", async () => {
    const long = `${"long/".repeat(60)}a`;
    expect(await unpacked(await named(`app/${long}`, "app/Größe 図", "app\\templates\\b", "app/a/../c"))).toEqual({
      [long]: `app/${long}`,
      "Größe 図": "app/Größe 図",
      "templates/b": "app\\templates\\b",
      c: "app/a/../c",
    });
  });

  it("passes over folders, and drops byte order marks", async () => {
    const bytes = await archive((tar) => {
      tar.entry({ name: "app/", type: "directory" });
      tar.entry({ name: "app/a" }, "\ufefftext");
      tar.entry({ name: "app/empty" }, "");
    });
    expect(await unpacked(bytes)).toEqual({ a: "text", empty: "" });
  });

  it.each([
    ["a file outside of a folder", ["Chart.yaml"], "`Chart.yaml`, which is not in a folder of the chart's name"],
    ["a folder with the name of a file", ["Chart.yaml/a"], "is not in a folder"],
    ["a way out", ["app/../../etc/passwd"], "which has a name that helm refuses as a way out"],
    ["an absolute path", ["app//etc/passwd"], "is not in a folder"],
    ["a drive", ["app/c:/a"], "a way out"],
    ["a file twice", ["app/a", "app/b/../a"], "`app/b/../a`, which is there twice"],
  ])("refuses %s", async (_, names, words) => {
    expect(await unpacked(await named(...names))).toEqual({ unreadable: expect.stringContaining(words) });
  });

  it.each(["link", "symlink", "fifo", "character-device"] as const)("refuses a %s", async (type) => {
    const bytes = await archive((tar) => tar.entry({ name: "app/a", type, linkname: "/etc/passwd" }));
    expect(await unpacked(bytes)).toEqual({ unreadable: "has the entry `app/a`, which is a link or a device" });
  });

  it.each([
    ["text", Buffer.from("apiVersion: v2"), /^is not gzipped: incorrect header check/],
    ["nothing", Buffer.alloc(0), /^is not gzipped: /],
    ["a cut archive", gzipSync("x".repeat(9000)).subarray(0, 20), /^is not gzipped: unexpected end of file/],
    ["gzipped text", gzipSync("x".repeat(1024)), /^is not a tar archive: Invalid tar header/],
    ["a cut tar", gzipSync(Buffer.alloc(100)), /^is not a tar archive: Unexpected end of data/],
    ["no files", gzipSync(Buffer.alloc(1024)), /^has no files/],
  ])("refuses %s", async (_, bytes, words) => {
    expect(await unpacked(bytes)).toEqual({ unreadable: expect.stringMatching(words) });
  });

  it("refuses what is too large when it is unpacked", async () => {
    const words = { unreadable: "is too large: helm loads no chart of 100 MiB or more" };
    const two = await archive((tar) => {
      tar.entry({ name: "app/a" }, "x".repeat(600));
      tar.entry({ name: "app/b" }, "x".repeat(400));
    });
    expect(await unpacked(two, 1000)).toEqual(words);
    expect(await unpacked(two, 1001)).not.toEqual(words);
    expect(await unpacked(gzipSync(Buffer.alloc(33 * 2 ** 20)), 1000)).toEqual(words);
  });
});
