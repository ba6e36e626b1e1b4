import { readFile, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorOf, page, pages, root, sections, withoutCode } from "./markdown.ts";

interface Link {
  from: string;
  /** Path from the project's folder. */
  to: string;
  /** What stands behind `#`; empty where nothing does. */
  anchor: string;
}

const all = await pages();
const links = (await Promise.all(all.map(linksOf))).flat();

describe("the links between pages", () => {
  it("there are links to follow", () => {
    expect(links.length).toBeGreaterThan(20);
  });

  it("every file is there", async () => {
    const missing = await Promise.all(links.map(async (link) => ((await exists(link.to)) ? [] : [link])));
    expect(missing.flat()).toEqual([]);
  });

  it("every page of the docs is linked from another one", () => {
    const linked = new Set(links.filter(({ from, to }) => from !== to).map(({ to }) => to));
    expect(all.filter((path) => path.startsWith("docs/") && !linked.has(path))).toEqual([]);
  });

  it("every heading is there", async () => {
    const missing = await Promise.all(
      links.map(async (link) => {
        if (link.anchor === "" || !(await exists(link.to))) {
          return [];
        }
        const anchors = sections(await page(link.to)).map(({ title }) => anchorOf(title));
        return anchors.includes(link.anchor) ? [] : [link];
      }),
    );
    expect(missing.flat()).toEqual([]);
  });
});

describe("the commands in the docs", () => {
  it("every `npm run` names a script of package.json", async () => {
    const { scripts = {} } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts?: Record<string, string>;
    };
    const named = await Promise.all(
      all.map(async (path) =>
        [...(await page(path)).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? ""),
      ),
    );
    expect([...new Set(named.flat())].filter((name) => !(name in scripts))).toEqual([]);
  });
});

async function linksOf(from: string): Promise<Link[]> {
  const text = withoutCode(await page(from));
  return [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, target = ""]) => {
    const [path = "", anchor = ""] = target.split("#");
    return { from, to: path === "" ? from : normalize(join(dirname(from), path)), anchor };
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(join(root, path)).then(
    () => true,
    () => false,
  );
}
