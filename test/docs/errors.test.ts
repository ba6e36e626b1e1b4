import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../errors/release-error.ts";
import type { ErrorCode } from "../../errors/catalogue/error-code.ts";
import type { ErrorParts } from "../../errors/release-error.ts";
import { codeBlocks, files, page, root, sections } from "./markdown.ts";

const codes = await codesOfTheType();
const documented = sections(await page("docs/errors.md")).slice(1);
const examples = (await codeBlocks(["docs/errors.md"], ""))
  .slice(1)
  .map(({ text }) => [/\[([A-Z_]+)\]/.exec(text)?.[1] ?? "", text.trimEnd()] as const);
const product = await productText();

describe("the reference of error codes", () => {
  it("docs/errors.md has a section for each code, and for nothing else", () => {
    expect(documented.map(({ title }) => title).toSorted()).toEqual(codes);
  });

  it("the overview has each code once", async () => {
    const overview = (await page("docs/errors.md")).match(/^\| [^|]*\| ([A-Z_, ]+) \|$/gm) ?? [];
    expect(overview.flatMap((row) => row.match(/[A-Z]+_?[A-Z_]{3,}/g) ?? []).toSorted()).toEqual(codes);
  });

  it("each section shows an error of its code", () => {
    const shown = documented.map(({ title, text }) => [title, /```\n[^\n]*\[([A-Z_]+)\]\n/.exec(text)?.[1]]);
    expect(shown.filter(([title, code]) => title !== code)).toEqual([]);
  });

  it.each(examples)("the example of %s is laid out as the program does it", (_, text) => {
    const parts = partsOf(text);
    const whole = new ReleaseError(parts).message;
    expect(text).toBe(parts.rerun === undefined ? whole.slice(0, whole.lastIndexOf("\n")) : whole);
  });

  it.each(examples)("the meaning that the example of %s gives stands in the program", (_, text) => {
    expect(product).toContain(JSON.stringify(partsOf(text).meaning));
  });
});

/** The members of the union, read from its source: a type leaves nothing behind that could be asked. */
async function codesOfTheType(): Promise<string[]> {
  const source = await readFile(join(root, "errors/catalogue/error-code.ts"), "utf8");
  const union = /export type ErrorCode =([^;]*);/.exec(source)?.[1] ?? "";
  return [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code ?? "").toSorted();
}

async function productText(): Promise<string> {
  const paths = await files("{clients,errors,plan,providers}/**/*.ts");
  return (await Promise.all(paths.map((path) => readFile(join(root, path), "utf8")))).join("\n");
}

/** Reads a shown error back into its parts. */
function partsOf(text: string): ErrorParts {
  const [, step = "", code = ""] = /^(.*) failed \[([A-Z_]+)\]\n/.exec(text) ?? [];
  const part = (label: string): string | undefined => {
    const found = new RegExp(`^  ${label}: +(.*(?:\\n {19}.*)*)`, "m").exec(text)?.[1];
    return found?.replaceAll(/\n {19}/g, "\n");
  };
  const rerun = part("safe to re-run");
  return {
    code: code as ErrorCode,
    step,
    reason: part("reason") ?? "",
    meaning: part("what it means") ?? "",
    fix: part("how to fix it") ?? "",
    ...(rerun === undefined ? {} : { rerun }),
  };
}
