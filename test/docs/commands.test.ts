import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../commands/command-line/command-table.ts";
import { readArguments } from "../../commands/command-line/read-arguments.ts";
import { requestIn } from "../../commands/command-line/request.ts";
import { commandsPage } from "./commands-page.ts";
import { page, pages, root } from "./markdown.ts";

interface Call {
  /** "path:line". */
  place: string;
  words: string[];
}

const calls = (await Promise.all((await pages()).map(callsIn))).flat();

describe("docs/commands.md", () => {
  it("is what the table of commands says; `npm test -- test/docs/commands.test.ts -u` writes it anew", async () => {
    await expect(commandsPage()).toMatchFileSnapshot(join(root, "docs/commands.md"));
  });
});

describe("a command in the docs", () => {
  it("is found in many places", () => {
    expect(calls.length).toBeGreaterThan(30);
  });

  it.each(calls.map(({ place, words }) => [`${place} npm run ${words.join(" ")}`, words] as const))(
    "%s is accepted",
    (_, words) => {
      const request = requestIn(words);
      const read = () => ("command" in request ? readArguments(request.command, request.args) : undefined);
      expect(read).not.toThrow();
    },
  );
});

/** Calls with arguments, in blocks of code and in code style, except those that only show which arguments there are: `[OPTIONS]`, `…`. */
async function callsIn(path: string): Promise<Call[]> {
  return (await page(path)).split("\n").flatMap((line, at) =>
    [...line.matchAll(/npm (?:run )?(\w+) -- ([^`|&]+)/g)].flatMap(([, name = "", rest = ""]) => {
      const words = rest
        .replace(/#.*$/, "")
        .split(/\s+/)
        .filter((word) => word !== "");
      const shape = words.some((word) => /^\[|…|^ARGS$|^OPTIONS$/.test(word));
      return !Object.hasOwn(commandTable, name) || shape
        ? []
        : [{ place: `${path}:${at + 1}`, words: [name, ...words] }];
    }),
  );
}
