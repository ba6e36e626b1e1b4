import { commandTable } from "./command-table.ts";
import type { CommandName } from "./command-table.ts";
import { commandHelp, helpText } from "./help-text.ts";
import { Misuse } from "./misuse.ts";
import { readArguments } from "./read-arguments.ts";

/** What a command line asks for: a text to print, or a command to run. */
export type Request = { help: string } | { command: Exclude<CommandName, "help">; args: readonly string[] };

/**
 * Finds out what a command line asks for. `--help` and `-h` ask for help wherever they stand before `--`, whatever else is typed.
 * @param words the command and its arguments
 * @throws Misuse if there is no command, or none of that name
 */
export function requestIn([name, ...args]: readonly string[]): Request {
  if (name === undefined) {
    throw new Misuse(undefined, [`Which command? ${known}`]);
  }
  if (isHelp(name)) {
    return { help: helpText() };
  }
  if (!isCommand(name)) {
    throw new Misuse(undefined, [`There is no command ${JSON.stringify(name)}. ${known}`]);
  }
  const end = args.indexOf("--");
  if (args.slice(0, end < 0 ? args.length : end).some(isHelp)) {
    return { help: commandHelp(name) };
  }
  return name === "help" ? { help: helpFor(readArguments("help", args).others) } : { command: name, args };
}

const known = `Commands: ${Object.keys(commandTable).join(", ")}.`;

function helpFor(names: readonly string[]): string {
  const unknown = names.filter((name) => !isCommand(name));
  if (unknown.length > 0) {
    throw new Misuse(
      undefined,
      unknown.map((name) => `There is no command ${JSON.stringify(name)}. ${known}`),
    );
  }
  return names.length === 0 ? helpText() : names.filter(isCommand).map(commandHelp).join("\n\n");
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commandTable, name);
}
