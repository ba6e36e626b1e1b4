import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findFiles, pathPattern } from "../../../toolchain/plugins/command-files.mjs";

describe("pathPattern", () => {
  it.each<[string, matches: string[], not: string[]]>([
    ["a.txt", ["a.txt"], ["b/a.txt", "aXtxt", "a.txt.bak"]],
    ["*.txt", ["a.txt", ".txt"], ["b/a.txt"]],
    ["**.txt", ["a.txt", "b/c/a.txt"], ["a.md"]],
    ["src/**.js", ["src/a.js", "src/b/a.js"], ["a.js"]],
    ["assets/**", ["assets/a", "assets/b/c"], ["assets"]],
    ["?.txt", ["a.txt"], ["ab.txt", "/.txt"]],
    ["[ab].txt", ["a.txt", "b.txt"], ["c.txt"]],
    ["[a-c].txt", ["b.txt"], ["d.txt"]],
    ["[!a-c].txt", ["d.txt"], ["b.txt"]],
    ["{a,b*}.txt", ["a.txt", "bc.txt"], ["c.txt"]],
    ["a,b.txt", ["a,b.txt"], ["a"]],
    ["a(1)+.txt", ["a(1)+.txt"], ["a1.txt"]],
    ["\\*.txt", ["*.txt"], ["a.txt"]],
    ["a\nb", ["a\nb"], ["ab"]],
    ["*", ["ü", "a\nb"], ["ü/b"]],
  ])("%j matches %j, not %j", (text, matches, not) => {
    const pattern = pathPattern(text);
    expect([matches.filter((path) => !pattern.test(path)), not.filter((path) => pattern.test(path))]).toEqual([[], []]);
  });

  it.each([
    ["[a", "bracket"],
    ["{a,b", "brace"],
    ["a}", "brace"],
  ])("refuses %j: a %s is not closed", (text, what) => {
    expect(() => pathPattern(text)).toThrow(`the pattern ${JSON.stringify(text)} has a ${what}`);
  });
});

describe("findFiles", () => {
  async function folderOf(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "lockstep-found-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return folder;
  }

  it("finds what @pulumi/command's own example finds, each with its sha256", async () => {
    const folder = await folderOf({
      "assets/logos/logo.svg": "logo",
      "src/index.js": "index",
      "src/secret.js": "secret",
    });
    const found = await findFiles(folder, ["assets/**", "src/**.js", "!**secret.*"]);
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    expect(found).toEqual({
      "assets/logos/logo.svg": expect.objectContaining({
        path: join(folder, "assets/logos/logo.svg"),
        hash: sha256("logo"),
      }),
      "src/index.js": expect.objectContaining({ path: join(folder, "src/index.js"), hash: sha256("index") }),
    });
  });

  it("lets the last pattern decide", async () => {
    const folder = await folderOf({ "a.txt": "", "b.txt": "" });
    expect(Object.keys(await findFiles(folder, ["*.txt", "!*", "b.*"]))).toEqual(["b.txt"]);
  });

  it("does not go through links to folders", async () => {
    const folder = await folderOf({ "a/b.txt": "" });
    await symlink("a", join(folder, "link"));
    expect(Object.keys(await findFiles(folder, ["**.txt"]))).toEqual(["a/b.txt"]);
  });
});
