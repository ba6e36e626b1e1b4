import ts from "typescript";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";

const tests = await sourceFiles(["test"]);

/** The titles of the outer `describe` calls of a file, `describe.each(…)(…)` included. */
function outerTitles(path: string, text: string): string[] {
  const titles: string[] = [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression)) {
      const { expression: callee, arguments: given } = statement.expression;
      const [title] = given;
      if (/^describe\b/.test(callee.getText(source)) && title && ts.isStringLiteralLike(title)) {
        titles.push(title.text);
      }
    }
  }
  return titles;
}

const files = tests
  .filter(({ path }) => path.endsWith(".test.ts"))
  .map(({ path, text }) => ({ path, titles: outerTitles(path, text) }));

describe("outerTitles", () => {
  it("reads plain titles and those of tables, and passes over inner ones", () => {
    const text = `describe("one", () => { describe("inner", () => {}); });\n// Why.\ndescribe.each([1])(\n  "two %i", () => {});`;
    expect(outerTitles("made-up.test.ts", text)).toEqual(["one", "two %i"]);
  });
});

describe("the titles of tests", () => {
  it("name a subject, not a circumstance", () => {
    const circumstance = /^(when|if|while|after|before|with|without|whatever)\b/i;
    expect(
      files.flatMap(({ path, titles }) =>
        titles.filter((title) => circumstance.test(title)).map((title) => `${path}: ${title}`),
      ),
    ).toEqual([]);
  });

  it("name different subjects or circumstances within a file", () => {
    expect(
      files.flatMap(({ path, titles }) =>
        titles
          .filter((title, index) => titles.indexOf(title) !== index && !/[%$]/.test(title))
          .map((title) => `${path}: ${title}`),
      ),
    ).toEqual([]);
  });
});
