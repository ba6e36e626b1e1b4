import type { ErrorCode } from "./catalogue/error-code.ts";
import { shownLines } from "./shown-text.ts";
import { hideSecrets } from "./hide-secrets.ts";

/** The parts of an error, in the order in which they are shown. */
export interface ErrorParts {
  code: ErrorCode;
  /** What was being done, as a gerund: "tagging ghcr.io/acme/app as 1.2.3". */
  step: string;
  /** The other side's own words, or the two sides that disagree. Never a bare status code. */
  reason: string;
  /** What that means, in one or two sentences. */
  meaning: string;
  /** What to do: a command, a page and its switch, or a key of the configuration. */
  fix: string;
  /** Whether a re-run is safe and what is public already. Default: the general promise (nothing moves, nothing is published twice). */
  rerun?: string;
  cause?: unknown;
}

const rerunIsSafe =
  "yes, run `npm run release` again: completed steps are kept, only missing ones run, and no Release becomes public before it is complete";

/**
 * An expected failure that says what the reader can do. Its message is the whole text. It has no stack, because the engine prints stacks
 * to people who can do nothing with them. No part of it contains a secret of the environment, the login of an address, or a control character.
 */
export class ReleaseError extends Error {
  readonly code: ErrorCode;
  readonly parts: ErrorParts;

  constructor(parts: ErrorParts) {
    const printable = printed(parts);
    super(formatted(printable), { cause: parts.cause });
    this.name = "ReleaseError";
    this.code = parts.code;
    this.parts = printable;
    this.stack = "";
  }

  /** Pulumi's provider host prints `${error}`: the message alone, without the class name. */
  override toString(): string {
    return this.message;
  }
}

function printed({ step, reason, meaning, fix, rerun, ...rest }: ErrorParts): ErrorParts {
  const clean = (text: string): string => shownLines(hideSecrets(text));
  return {
    ...rest,
    step: clean(step),
    reason: clean(reason),
    meaning: clean(meaning),
    fix: clean(fix),
    ...(rerun === undefined ? {} : { rerun: clean(rerun) }),
  };
}

function formatted(parts: ErrorParts): string {
  return [
    `${parts.step} failed [${parts.code}]`,
    `  reason:          ${indented(parts.reason)}`,
    `  what it means:   ${indented(parts.meaning)}`,
    `  how to fix it:   ${indented(parts.fix)}`,
    `  safe to re-run:  ${indented(parts.rerun ?? rerunIsSafe)}`,
  ].join("\n");
}

function indented(text: string): string {
  return text.trim().replaceAll("\n", `\n${" ".repeat(19)}`);
}
