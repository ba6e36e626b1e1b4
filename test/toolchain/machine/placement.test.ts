import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noteOrigin, originOf, placeFiles } from "../../../toolchain/machine/placement.mjs";
import { makeUpMachine } from "../made-up-machine.ts";

async function toolFolder(): Promise<string> {
  return join((await makeUpMachine()).folder, "tool", "1.0.0");
}

describe("placeFiles, when a tool has been made", () => {
  it("puts it into its place, executable", async () => {
    const folder = await toolFolder();
    await placeFiles(folder, async (partial) => {
      await writeFile(join(partial, "tool"), "whole");
      return partial;
    });
    expect((await stat(join(folder, "tool"))).mode & 0o777).toBe(0o755);
  });

  it("renames the file last that stands for all", async () => {
    const folder = await toolFolder();
    await mkdir(join(folder, "a"), { recursive: true }); // a folder in the way: the rename of `a` fails
    await placeFiles(
      folder,
      async (partial) => {
        for (const name of ["a", "b"]) {
          await writeFile(join(partial, name), name);
        }
        return partial;
      },
      "a",
    ).catch(() => {});
    expect(await readFile(join(folder, "b"), "utf8")).toBe("b");
  });
});

describe("placeFiles, when making it fails", () => {
  it("leaves nothing behind", async () => {
    const folder = await toolFolder();
    const made = placeFiles(folder, async (partial) => {
      await writeFile(join(partial, "tool"), "ha");
      throw new Error("disk full");
    });
    await expect(made).rejects.toThrow("disk full");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("placeFiles, when an earlier run was killed", () => {
  it("sweeps its half-made files away", async () => {
    const folder = await toolFolder();
    await mkdir(join(folder, ".lockstep-partial-abc123"), { recursive: true });
    await writeFile(join(folder, ".lockstep-partial-abc123", "tool"), "ha");
    await placeFiles(folder, async (partial) => {
      await writeFile(join(partial, "tool"), "whole");
      return partial;
    });
    expect(await readdir(folder)).toEqual(["tool"]);
  });
});

describe("originOf", () => {
  it.each([
    ["is not there", [], undefined, undefined],
    ["was put there by the user", ["one", "two"], undefined, "already there"],
    ["has one of its files missing", ["one"], "built from source", undefined],
    ["is whole", ["one", "two"], "built from source", "built from source"],
  ])("and %s, it says so", async (_case, files, origin, expected) => {
    const folder = await toolFolder();
    await mkdir(folder, { recursive: true });
    for (const name of files) {
      await writeFile(join(folder, name), "", { mode: 0o755 });
    }
    if (origin !== undefined) {
      await noteOrigin(folder, origin);
    }
    expect(originOf(join(folder, "one"), join(folder, "two"))).toBe(expected);
  });
});
