import { parseArgs } from "node:util";
import type { Command, Option } from "./command.ts";
import { commandTable } from "./command-table.ts";
import type { CommandName } from "./command-table.ts";
import { Misuse } from "./misuse.ts";
import type { ValueKind } from "./value-kinds.ts";

type Options<N extends CommandName> = (typeof commandTable)[N]["options"];

type ReadAs<O> = O extends { kind: ValueKind<infer T> }
  ? O extends { repeated: true }
    ? T[]
    : O extends { required: true } | { default: string }
      ? T
      : T | undefined
  : boolean;

/** What was typed after a command. */
export interface CommandArguments<N extends CommandName> {
  /** By name of the option, as its kind reads it; a switch is true or false. */
  values: { [K in keyof Options<N>]: ReadAs<Options<N>[K]> };
  /** The operands, or everything that goes to Pulumi as it is; in the order typed. */
  others: string[];
}

/** An option as it was typed. */
interface Typed {
  /** Without dashes. */
  name: string;
  /** With dashes: `--stack`, `-s`. */
  rawName: string;
  /** Of the argument. */
  index: number;
  value: string | undefined;
  /** Whether the value is in the same argument: `--stack=prod`. */
  inlineValue: boolean | undefined;
}

/**
 * Reads the arguments of a command by its row in the table.
 * @param args what follows the command
 * @throws Misuse with all mistakes at once: options that are unknown, missing, without their value or with a value of another kind, and
 * operands of a command that accepts none
 */
export function readArguments<N extends CommandName>(name: N, args: readonly string[]): CommandArguments<N> {
  const command: Command = commandTable[name];
  const typed = typedOptions(command, args);
  const known = typed.flatMap((one) => {
    const option = optionOf(command, one, args);
    return option === undefined ? [] : [{ ...one, option }];
  });
  const read = new Set(known.flatMap(argumentsOf));
  const strays = typed.filter(({ index }) => !read.has(index));
  const rest = args.map((word, index) => ({ word, index })).filter(({ index }) => !read.has(index));
  const accepted = command.passesTo === undefined ? operandsIn(rest, strays) : rest.map(({ word }) => word);
  const mistakes = [
    ...known.flatMap((one) => mistakeIn(one, one.option) ?? []),
    ...(command.passesTo === undefined ? strays.map(({ rawName }) => `There is no option ${rawName}.`) : []),
    ...(command.passesTo === undefined && command.operands === undefined
      ? accepted.map((word) => `${JSON.stringify(word)} is not an option.`)
      : []),
    ...missingOptions(
      command,
      known.map((one) => one.name),
    ),
  ];
  if (mistakes.length > 0) {
    throw new Misuse(name, mistakes);
  }
  const values = Object.fromEntries(
    Object.entries(command.options).map(([option, how]) => [
      option,
      valueOf(
        how,
        known.filter((one) => one.name === option).map(({ value }) => value ?? ""),
      ),
    ]),
  );
  // The type is computed from the row whose options have just been read.
  return { values: values as CommandArguments<N>["values"], others: accepted };
}

/** Not strict: Node would stop at the first mistake, and does not know which options are Pulumi's. */
function typedOptions({ options }: Command, args: readonly string[]): Typed[] {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        "kind" in option
          ? { type: "string" as const, ...(option.short === undefined ? {} : { short: option.short }) }
          : { type: "boolean" as const },
      ]),
    ),
  });
  return tokens.filter((token) => token.kind === "option");
}

/** @returns undefined if the table has no such option. Of letters that are typed together, `-ds`, none is ours */
function optionOf({ options }: Command, { name, rawName, index }: Typed, args: readonly string[]): Option | undefined {
  return Object.hasOwn(options, name) && args[index]?.startsWith(rawName) ? options[name] : undefined;
}

/** The arguments that an option consists of. */
function argumentsOf({ index, value, inlineValue, option }: Typed & { option: Option }): number[] {
  return "kind" in option && value !== undefined && !inlineValue ? [index, index + 1] : [index];
}

/** What is left without options that are not known, and without the `--` that ends all options. */
function operandsIn(rest: readonly { word: string; index: number }[], strays: readonly Typed[]): string[] {
  const words = rest.filter(({ index }) => !strays.some((stray) => stray.index === index)).map(({ word }) => word);
  return words.filter((word, at) => word !== "--" || words.indexOf("--") !== at);
}

function mistakeIn({ rawName, value, inlineValue }: Typed, option: Option): string | undefined {
  if (!("kind" in option)) {
    return value === undefined ? undefined : `${rawName} is written without a value.`;
  }
  const { expects, read } = option.kind;
  if (value === undefined) {
    return `${rawName} expects ${expects}, and nothing follows it.`;
  }
  if (!inlineValue && value.startsWith("-")) {
    return `${rawName} expects ${expects}, and ${value} follows it.`;
  }
  return read(value) === undefined ? `${rawName} expects ${expects}, not ${JSON.stringify(value)}.` : undefined;
}

function missingOptions({ options }: Command, typed: readonly string[]): string[] {
  return Object.entries(options).flatMap(([name, option]) =>
    "kind" in option && option.required && !typed.includes(name) ? [`--${name} ${option.value} is missing.`] : [],
  );
}

/** @param texts none if the option was not typed */
function valueOf(option: Option, texts: readonly string[]): unknown {
  if (!("kind" in option)) {
    return texts.length > 0;
  }
  if (option.repeated) {
    return texts.map((text) => option.kind.read(text));
  }
  const last = texts.at(-1) ?? option.default;
  return last === undefined ? undefined : option.kind.read(last);
}
