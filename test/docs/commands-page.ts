import type { Command } from "../../commands/command-line/command.ts";
import { commandTable, developmentScripts } from "../../commands/command-line/command-table.ts";
import type { CommandName } from "../../commands/command-line/command-table.ts";
import { operandRows, optionRows, passedOn, usageOf } from "../../commands/command-line/help-text.ts";
import { callOf } from "../../commands/command-line/misuse.ts";

/** Pages that say more about a command. */
const pages: Readonly<Record<CommandName, string>> = {
  start: "[sandbox.md](sandbox.md)",
  preview: "[adopt.md](adopt.md)",
  release: "[adopt.md](adopt.md), [locks.md](locks.md)",
  verify: "[verify.md](verify.md)",
  packages: "[organization.md](organization.md)",
  retention: "[retention.md](retention.md)",
  before: "[configuration.md](configuration.md#versions-that-other-tools-published)",
  pulumi: "[adopt.md](adopt.md)",
  sandbox: "[sandbox.md](sandbox.md)",
  help: "",
};

/** The whole of docs/commands.md. */
export function commandsPage(): string {
  const rows = Object.entries(commandTable) as [CommandName, Command][];
  return [
    "# Commands",
    "",
    "`npm run help` lists all commands, and `npm run COMMAND -- --help` explains one. This page is made from the same table.",
    "",
    "Every command ends with exit code 0 if all is well, and with 2 if its command line is wrong: nothing has happened then.",
    "",
    ...table(
      ["command", "what it does"],
      rows.map(([name, { line }]) => [`[\`${callOf(name)}\`](#${anchor(name)})`, line]),
    ),
    "",
    ...rows.flatMap(([name, command]) => [...section(name, command), ""]),
    "## For work on Lockstep itself",
    "",
    ...table(
      ["script", "what it does"],
      Object.entries(developmentScripts).map(([name, line]) => [`\`${callOf(name)}\``, line]),
    ),
    "",
  ].join("\n");
}

function section(name: CommandName, command: Command): string[] {
  const more = pages[name];
  const rows = [...operandRows(command), ...optionRows(command).slice(0, -1)];
  return [
    `## \`${callOf(name)}\``,
    "",
    `It ${command.line}. It ends with 1 if ${command.failsIf}.${more === "" ? "" : ` More: ${more}.`}`,
    "",
    "```sh",
    usageOf(name),
    ...command.examples.filter((example) => example !== usageOf(name)),
    "```",
    "",
    ...(rows.length === 0 ? [] : [...table(["argument", "what it does"], rows.map(inCode)), ""]),
    ...passedOn(command).flatMap((text) => [text, ""]),
  ].slice(0, -1);
}

function inCode([name, meaning]: readonly [string, string]): [string, string] {
  return [`\`${name}\``, meaning];
}

function anchor(name: string): string {
  return callOf(name).replaceAll(" ", "-");
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string[] {
  return [`| ${head.join(" | ")} |`, "| --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)];
}
