import { commandTable } from "./command-table.ts";
import type { CommandName } from "./command-table.ts";

/** A command line that cannot be understood. Nothing has happened; the exit code is 2. */
export class Misuse extends Error {
  override readonly name = "Misuse";

  /**
   * @param command undefined if the command is not known
   * @param mistakes a sentence each
   */
  constructor(command: CommandName | undefined, mistakes: readonly string[]) {
    super([...mistakes, "", ...wayOut(command)].join("\n"));
  }
}

/** How a command is called from a checkout. */
export function callOf(name: string): string {
  return name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
}

function wayOut(command: CommandName | undefined): string[] {
  return command === undefined
    ? ["All commands: npm run help"]
    : [`For example: ${commandTable[command].examples[0]}`, `All options: ${callOf(command)} -- --help`];
}
