import type { Command, Option } from "./command.ts";
import { commandTable, developmentScripts } from "./command-table.ts";
import type { CommandName } from "./command-table.ts";
import { callOf } from "./misuse.ts";

/** The help for all commands. */
export function helpText(): string {
  return [
    "Lockstep releases images, signatures, attestations, git tags and GitHub Releases as one graph.",
    "",
    "Usage: npm run COMMAND -- [OPTIONS]",
    "",
    ...columns(Object.entries(commandTable).map(([name, { line }]) => [name, line])),
    "",
    "The options of a command: npm run COMMAND -- --help",
    "The keys of a configuration: docs/configuration.md",
    "",
    "For work on Lockstep itself:",
    "",
    ...columns(Object.entries(developmentScripts)),
  ].join("\n");
}

/** The help for one command. */
export function commandHelp(name: CommandName): string {
  const command: Command = commandTable[name];
  return [
    `${callOf(name)} ${command.line}.`,
    "",
    `Usage: ${usageOf(name)}`,
    "",
    ...columns([...operandRows(command), ...optionRows(command)]),
    "",
    ...passedOn(command).flatMap((text) => [text, ""]),
    "Examples:",
    ...command.examples.map((text) => `  ${text}`),
    "",
    "Exit code:",
    ...exitRows(command).map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join("\n");
}

/** How a command is typed: `npm run release -- --stack NAME [OPTIONS] [PULUMI'S ARGUMENTS]`. */
export function usageOf(name: CommandName): string {
  const command: Command = commandTable[name];
  const { options, operands, passesTo } = command;
  const required = Object.entries(options).flatMap(([option, how]) =>
    "kind" in how && how.required ? [`--${option} ${how.value}`] : [],
  );
  const words = [
    ...(passesTo === "" ? ["PULUMI'S COMMAND"] : []),
    ...(operands === undefined ? [] : [`[${operands.name}]`]),
    ...required,
    ...(Object.keys(options).length > required.length ? ["[OPTIONS]"] : []),
    ...(passesTo === undefined ? [] : ["[PULUMI'S ARGUMENTS]"]),
  ];
  return words.length === 0 ? callOf(name) : `${callOf(name)} -- ${words.join(" ")}`;
}

/** The options of a command with what they do, and `--help` last: name and explanation. */
export function optionRows({ options }: Pick<Command, "options">): [string, string][] {
  return [
    ...Object.entries(options).map(([name, option]): [string, string] => [written(name, option), explained(option)]),
    ["-h, --help", "prints this"],
  ];
}

/** What a command accepts beside options: name and explanation. */
export function operandRows({ operands }: Pick<Command, "operands">): [string, string][] {
  return operands === undefined ? [] : [[operands.name, operands.line]];
}

/** What becomes of arguments that are not in the table; none if they are refused. */
export function passedOn({ passesTo }: Pick<Command, "passesTo">): string[] {
  if (passesTo === undefined) {
    return [];
  }
  const page = `https://www.pulumi.com/docs/iac/cli/commands/pulumi${passesTo === "" ? "" : `_${passesTo}`}/`;
  const all = passesTo === "" ? "All other arguments go to Pulumi" : `All other arguments go to \`pulumi ${passesTo}\``;
  return [`${all}: ${page}`];
}

/** Exit codes of a command and their meaning. */
export function exitRows({ failsIf }: Pick<Command, "failsIf">): [string, string][] {
  return [
    ["0", "all is well"],
    ["1", `if ${failsIf}`],
    ["2", "if the command line is wrong; nothing has happened"],
  ];
}

function written(name: string, option: Option): string {
  if (!("kind" in option)) {
    return `--${name}`;
  }
  return `${option.short === undefined ? "" : `-${option.short}, `}--${name} ${option.value}`;
}

function explained(option: Option): string {
  return "kind" in option && option.default !== undefined ? `${option.line} (default: ${option.default})` : option.line;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
