import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "../..");

/** A fenced block of code in a page. */
export interface CodeBlock {
  /** Path of the page, from the project's folder. */
  page: string;
  /** Line of the opening fence, from 1. */
  line: number;
  /** What stands behind the fence: "yaml fragment"; empty where nothing does. */
  info: string;
  /** The lines between the fences, each with its line end. */
  text: string;
}

/** Paths of the files that match, from the project's folder, sorted. */
export async function files(pattern: string | readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) {
    found.push(path);
  }
  return found.toSorted();
}

/** Paths of the pages beside README.md and all below docs/ and .github/, from the project's folder, sorted. */
export function pages(): Promise<string[]> {
  return files(["*.md", "docs/**/*.md", ".github/**/*.md"]);
}

/** The text of a page. */
export function page(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/**
 * The fenced blocks of some pages.
 * @param language first word behind the fence: "yaml"
 */
export async function codeBlocks(paths: readonly string[], language: string): Promise<CodeBlock[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const blocks: CodeBlock[] = [];
      let open: CodeBlock | undefined;
      for (const [at, line] of (await page(path)).split("\n").entries()) {
        const fence = /^```(.*)$/.exec(line);
        if (open !== undefined && fence) {
          blocks.push(open);
          open = undefined;
        } else if (open !== undefined) {
          open.text += `${line}\n`;
        } else if (fence) {
          open = { page: path, line: at + 1, info: (fence[1] ?? "").trim(), text: "" };
        }
      }
      return blocks;
    }),
  );
  return found.flat().filter(({ info }) => (info.split(" ", 1)[0] ?? "") === language);
}

/** A page without its fenced blocks: what is left is prose, headings and tables. */
export function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, "");
}

/** One heading of a page and what stands below it, up to the next heading of any level. */
export interface Section {
  /** As it is written, without the marks in front. */
  title: string;
  text: string;
}

/** The sections of a page, code included. */
export function sections(text: string): Section[] {
  const found: Section[] = [];
  let inCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      inCode = !inCode;
    }
    const heading = inCode ? null : /^#{1,6} (.*)$/.exec(line);
    if (heading) {
      found.push({ title: heading[1] ?? "", text: "" });
    } else if (found.length > 0) {
      found[found.length - 1]!.text += `${line}\n`;
    }
  }
  return found;
}

/** The words in code style in the first column of every table row: `` | `a`, `b` | … `` gives a and b. */
export function firstColumn(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const cell = /^\| (`[^|]*`) \|/.exec(line)?.[1] ?? "";
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? "");
  });
}

/** The name by which GitHub links to a heading. */
export function anchorOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}
