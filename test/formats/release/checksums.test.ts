import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeChecksums, checksumsName } from "../../../formats/release/checksums.ts";

const contents: Record<string, string> = {
  "install.yaml": "kind: List\n",
  "app-1.2.3.tgz": "\0\u0001bytes",
  "Z.txt": "",
  "..dots": "x",
  "-dash": "y",
};
const files = Object.entries(contents).map(([name, text]) => ({
  name,
  sha256: createHash("sha256").update(text).digest("hex"),
}));

describe("checksums", () => {
  it("has one line for each file, sorted by name", () => {
    const names = writeChecksums(files)
      .split("\n")
      .map((line) => line.slice(66));
    expect(names).toEqual(["-dash", "..dots", "Z.txt", "app-1.2.3.tgz", "install.yaml", ""]);
  });

  it("is the same whatever order the files come in", () => {
    expect(writeChecksums(files.toReversed())).toBe(writeChecksums(files));
  });

  it("is empty for no file", () => {
    expect(writeChecksums([])).toBe("");
  });
});

describe("checksums, when `sha256sum --check` reads them", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "checksums-"));
    for (const [name, text] of Object.entries(contents)) {
      await writeFile(join(folder, name), text);
    }
    await writeFile(join(folder, checksumsName), writeChecksums(files));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("accepts the file, strictly", async () => {
    const { stdout } = await execa("sha256sum", ["--check", "--strict", checksumsName], { cwd: folder });
    expect(stdout.split("\n")).toHaveLength(files.length);
  });

  it("refuses a changed file", async () => {
    await writeFile(join(folder, "install.yaml"), "kind: Pod\n");
    const { exitCode, stdout } = await execa("sha256sum", ["--check", "--strict", checksumsName], {
      cwd: folder,
      reject: false,
    });
    expect({ exitCode, failed: stdout.split("\n").filter((line) => line.endsWith("FAILED")) }).toEqual({
      exitCode: 1,
      failed: ["install.yaml: FAILED"],
    });
  });

  it("accepts some of the files with the command that the notes show", async () => {
    await rm(join(folder, "install.yaml"));
    const { exitCode } = await execa("sha256sum", ["--check", "--ignore-missing", checksumsName], { cwd: folder });
    expect(exitCode).toBe(0);
  });
});
