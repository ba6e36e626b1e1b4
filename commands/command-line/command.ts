import type { ValueKind } from "./value-kinds.ts";

/** An option that is there or not: `--confirm`. Read as true or false. */
export interface Switch {
  /** What it does, as the rest of a sentence that begins with the option: "deletes them". */
  line: string;
}

/** An option with a value: `--stack prod` or `--stack=prod`. */
export interface ValueOption<T = unknown> {
  /** What it does or is. */
  line: string;
  /** How the value is called in the help: "NAME". */
  value: string;
  kind: ValueKind<T>;
  /** One letter: `s` for `-s`. Default: none. */
  short?: string;
  /** Read if the option is not there, as if it had been written. Default: the option is read as undefined. */
  default?: string;
  /** Whether the command cannot run without it. Default: false. */
  required?: true;
  /** Whether it may be there several times, and is read as a list. Default: false; the last one counts. */
  repeated?: true;
}

/** An option of a command. */
export type Option = Switch | ValueOption;

/** One command: a row of the table that parsing, help and documentation are made from. */
export interface Command {
  /** What it does: the rest of a sentence that begins with the command. At most 100 characters. */
  line: string;
  /** By name, without the dashes. */
  options: Readonly<Record<string, Option>>;
  /** What it accepts beside options. Default: nothing. */
  operands?: { name: string; line: string };
  /** A command of Pulumi that gets every argument that is not in the table; empty if the first of them names it. Default: none gets any. */
  passesTo?: string;
  /** When its exit code is 1: the rest of a sentence that begins with "1 if". */
  failsIf: string;
  /** As typed. The first one is shown with a mistake, so it is a whole call. */
  examples: readonly [string, ...string[]];
}
