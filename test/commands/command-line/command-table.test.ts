import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../commands/command-line/command.ts";
import { commandTable, developmentScripts } from "../../../commands/command-line/command-table.ts";
import type { CommandName } from "../../../commands/command-line/command-table.ts";
import { commandHelp, helpText } from "../../../commands/command-line/help-text.ts";
import { callOf } from "../../../commands/command-line/misuse.ts";
import { readArguments } from "../../../commands/command-line/read-arguments.ts";
import { requestIn } from "../../../commands/command-line/request.ts";

const rows = Object.entries(commandTable) as [CommandName, Command][];
const manifest = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };

describe("commandTable", () => {
  it("and the scripts for development are exactly the scripts of package.json", () => {
    const listed = [...rows.map(([name]) => name), ...Object.keys(developmentScripts)];
    expect(listed.toSorted()).toEqual(Object.keys(scripts).toSorted());
  });

  it.each(rows)("%s is run by the script of its name", (name) => {
    expect(scripts[name]).toMatch(new RegExp(`node commands/main\\.ts ${name}$`));
  });

  it.each(rows.flatMap(([, { examples }]) => examples))("the example `%s` is accepted", (example) => {
    const [, words = ""] = /^npm (?:run )?(.*)$/.exec(example) ?? [];
    const [name = "", separator, ...args] = words.split(" ");
    expect([undefined, "--"]).toContain(separator);
    const request = requestIn([name, ...args]);
    if ("command" in request) {
      readArguments(request.command, request.args);
    }
    expect(callOf(name)).toBe(example.split(" -- ")[0]);
  });

  it.each(rows.flatMap(([name, { options }]) => Object.entries(options).map(([option, how]) => [name, option, how])))(
    "the default of %s --%s is a value of its kind",
    (_name, _option, how) => {
      expect(how).toSatisfy(
        (option) =>
          !("default" in option && option.default !== undefined) || option.kind.read(option.default) !== undefined,
      );
    },
  );
});

describe("help", () => {
  it.each([["all commands", helpText()] as const, ...rows.map(([name]) => [name, commandHelp(name)] as const)])(
    "for %s fits into 120 columns and has no line of blanks",
    (_, text) => {
      expect(text.split("\n").filter((line) => line.length > 120 || /\s$/.test(line))).toEqual([]);
    },
  );

  it("for one command has its usage, options, examples, exit codes, and what becomes of other arguments", () => {
    expect(commandHelp("release")).toBe(
      `npm run release publishes what is missing, and prints what is public; after any failure, run it again.

Usage: npm run release -- --stack NAME [OPTIONS] [PULUMI'S ARGUMENTS]

  -s, --stack NAME    the stack; reads Pulumi.NAME.yaml in this folder unless --config-file names a file
  --config-file FILE  the configuration file, for example in the repository that is released
  --lock-age AGE      how old a lock of another machine must be to count as left behind (default: 6h)
  --break-lock        removes every lock except those of living processes on this machine
  -h, --help          prints this

All other arguments go to \`pulumi up\`: https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/

Examples:
  npm run release -- --stack prod --config-file ../app/.lockstep/Pulumi.prod.yaml

Exit code:
  0  all is well
  1  if something could not be released, or another run holds the stack
  2  if the command line is wrong; nothing has happened`,
    );
  });
});
