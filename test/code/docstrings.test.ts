import ts from "typescript";
import { describe, expect, it } from "vitest";
import { productFolders, sourceFiles } from "./source-files.ts";
import type { SourceFile } from "./source-files.ts";

const files = await sourceFiles([...productFolders, "sandbox", "toolchain"]);

interface Exported {
  /** "path:line name". */
  place: string;
  documented: boolean;
}

function exportedOf({ path, text }: SourceFile): Exported[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(isExported).map((statement) => {
    const line = source.getLineAndCharacterOfPosition(statement.getStart()).line + 1;
    const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
    return {
      place: `${path}:${line}`,
      documented: comments.some(({ comment, tags }) => comment !== undefined || tags !== undefined),
    };
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** `export {a}` and `export * from`: what they export is declared, and explained, elsewhere. */
function passedOn({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(ts.isExportDeclaration)
    .filter(({ exportClause }) => !exportClause || !ts.isNamedExports(exportClause) || exportClause.elements.length > 0)
    .map((statement) => `${path}: ${statement.getText()}`);
}

describe("the exports", () => {
  it("has a docstring", () => {
    const undocumented = files.flatMap(exportedOf).filter(({ documented }) => !documented);
    expect(undocumented.map(({ place }) => place)).toEqual([]);
  });

  it("is exported where it is declared", () => {
    expect(files.flatMap(passedOn)).toEqual([]);
  });
});

describe("the check of docstrings", () => {
  const made = (text: string): Exported[] => exportedOf({ path: "x.ts", text });

  it.each([
    ["a function", "export function a(): void {}"],
    ["a constant", "export const a = 1;"],
    ["a type", "export type A = string;"],
    ["an interface", "export interface A {}"],
    ["a class", "export class A {}"],
    ["an async function", "export async function a(): Promise<void> {}"],
  ])("sees that %s has no docstring", (_, text) => {
    expect(made(text)).toEqual([{ place: "x.ts:1", documented: false }]);
  });

  it("sees that a comment is no docstring", () => {
    expect(made("// a\nexport const a = 1;\n/* b */\nexport const b = 1;").map(({ documented }) => documented)).toEqual(
      [false, false],
    );
  });

  it("sees that an empty docstring says nothing", () => {
    expect(made("/** */\nexport const a = 1;")[0]?.documented).toBe(false);
  });

  it("sees a docstring", () => {
    expect(made("/** It. */\nexport const a = 1;")[0]?.documented).toBe(true);
  });

  it("finds the exports of the whole product", () => {
    expect(files.flatMap(exportedOf).length).toBeGreaterThan(100);
  });
});
