import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readIgnoreRules } from "../../../../formats/chart/package/ignore-rules.ts";

/** Whether one file, or one folder if its path ends with a slash, is left out by some lines. */
function ignores(lines: string, path: string): boolean {
  const { rules, bad } = readIgnoreRules(lines);
  expect(bad).toEqual([]);
  return rules.ignores(path.replace(/\/$/, ""), path.endsWith("/"));
}

describe("readIgnoreRules, when lines are patterns", () => {
  it.each<[lines: string, path: string, ignored: boolean]>([
    ["README.md", "README.md", true],
    ["README.md", "charts/sub/README.md", true],
    ["README.md", "README.md.txt", false],
    ["*.txt", "a.txt", true],
    ["*.txt", "files/deep/a.txt", true],
    ["*.txt", "a.txt/", true],
    ["ci/", "ci/", true],
    ["ci/", "charts/sub/ci/", true],
    ["ci/", "ci", false],
    ["/ci/", "ci/", true],
    ["/ci/", "charts/sub/ci/", false],
    ["files/*.txt", "files/a.txt", true],
    ["files/*.txt", "files/deep/a.txt", false],
    ["files/*.txt", "charts/sub/files/a.txt", false],
    ["/*.txt", "a.txt", true],
    ["/*.txt", "files/a.txt", false],
    ["files/*/a.txt", "files/deep/a.txt", true],
    ["*/", "templates/", true],
    ["*/", "Chart.yaml", false],
    [".?*", ".git/", true],
    ["[^a]*", "b", true],
    ["[!a]*", "b", false],
    ["{a,b}", "a", false],
    ["\\!keep", "!keep", true],
    ["a b", "a b", true],
    ["  spaces around\t\r", "spaces around", true],
    ["a # no comment", "a", false],
    ["a # no comment", "a # no comment", true],
    ["# a comment\n\n  # another", "# a comment", false],
    ["", "templates/.hidden", true],
    ["", "templates/.", false],
    ["", "templates/deep/.hidden", false],
    ["", "charts/sub/templates/.hidden", false],
    ["", ".hidden", false],
  ])("`%s` and %s: %s", (lines, path, ignored) => {
    expect(ignores(lines, path)).toBe(ignored);
  });
});

describe("readIgnoreRules, when a pattern is negated", () => {
  it.each<[lines: string, path: string, ignored: boolean]>([
    ["!keep.txt", "keep.txt", false],
    ["!keep.txt", "Chart.yaml", true],
    ["!keep.txt", "templates/", true],
    ["!keep.txt", "files/keep.txt", false],
    ["*.txt\n!keep.txt", "keep.txt", true],
    ["!keep.txt\n*.txt", "keep.txt", true],
    ["!a*\n!*b", "ab", false],
    ["!a*\n!*b", "ac", true],
    ["!files/", "files/", false],
    ["!files/", "Chart.yaml", true],
    ["!/files/a", "files/a", false],
    ["!/files/a", "a", true],
    ["!", "Chart.yaml", true],
  ])("`%s` leaves out what does not match it: %s, %s", (lines, path, ignored) => {
    expect(ignores(lines, path)).toBe(ignored);
  });
});

describe("readIgnoreRules, when a line cannot be used", () => {
  it.each([
    ["**/a", "has `**`"],
    ["a/**", "has `**`"],
    ["!**", "has `**`"],
    ["[a", "is malformed"],
    ["![a", "is malformed"],
    ["x[]", "is malformed"],
    ["a\\", "is malformed"],
    ["a\\/", "is malformed"],
    ["/[-a]/", "is malformed"],
    ["[a/b", "is malformed"],
  ])("says so of `%s`", (pattern, reason) => {
    const { bad } = readIgnoreRules(`# first\n  ${pattern}\n`);
    expect(bad).toEqual([{ line: 2, pattern, reason: expect.stringContaining(reason) }]);
  });

  it("says so of each, and reads the others", () => {
    const { rules, bad } = readIgnoreRules("**\na.txt\n[\n");
    expect(bad.map(({ line }) => line)).toEqual([1, 3]);
    expect(rules.ignores("a.txt", false)).toBe(true);
  });
});

describe("readIgnoreRules, whatever the paths are", () => {
  const part = fc.stringMatching(/^[a-c.é☺]{1,4}$/);
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

  it("leaves out the path that a rooted pattern of plain letters names, and no other", () => {
    fc.assert(
      fc.property(path, path, fc.boolean(), (named, other, isFolder) => {
        expect(readIgnoreRules(`/${named}`).rules.ignores(named, isFolder)).toBe(true);
        expect(readIgnoreRules(`/${named}`).rules.ignores(other, isFolder)).toBe(
          other === named || /^templates\/\../.test(other),
        );
      }),
    );
  });

  it("leaves out by `!x` exactly what x does not", () => {
    const pattern = fc
      .array(fc.constantFrom("a", "b", "*", "?", "/", "[ab]", "[^a]", "."), { minLength: 1, maxLength: 6 })
      .map((signs) => signs.join(""))
      .filter((text) => !text.includes("**"));
    fc.assert(
      fc.property(pattern, path, fc.boolean(), (text, name, isFolder) => {
        const [plain, negated] = [text, `!${text}`].map((line) => readIgnoreRules(line).rules.ignores(name, isFolder));
        expect(negated).toBe(!plain);
      }),
    );
  });

  it("gives the same answer for lines with other ends, spaces and comments", () => {
    const line = fc.constantFrom("*.a", "/b/", "a/*", "!c", "[ab]?", "é*");
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), path, fc.boolean(), (lines, name, isFolder) => {
        const [one, other] = [lines.join("\n"), `# top\r\n${lines.map((text) => `\t${text} \r\n\r\n`).join("")}`];
        expect(readIgnoreRules(other).rules.ignores(name, isFolder)).toBe(
          readIgnoreRules(one).rules.ignores(name, isFolder),
        );
      }),
    );
  });

  it("leaves out what any one of its lines leaves out", () => {
    const line = fc.constantFrom("*.a", "/b/", "a/*", "!c*", "[ab]?", "!*/");
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), path, fc.boolean(), (lines, name, isFolder) => {
        const together = readIgnoreRules(lines.join("\n")).rules.ignores(name, isFolder);
        expect(together).toBe(lines.some((text) => readIgnoreRules(text).rules.ignores(name, isFolder)));
      }),
    );
  });
});
