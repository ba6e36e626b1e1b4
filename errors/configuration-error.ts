import { ReleaseError } from "./release-error.ts";
import { shownText } from "./shown-text.ts";

/** A mistake in the configuration or in the files it names. */
export interface Mistake {
  /** Its place: "units[0].images[1].repository"; for things outside the configuration their own name: "git work tree". */
  path: string;
  /** The value at that place; undefined if it is missing. Shown as JSON, cut at 80 characters. */
  value?: unknown;
  /** Why it cannot be used. */
  reason: string;
  /** A value or a command that would do. */
  example: string;
}

/**
 * Reports everything that is wrong with a configuration in one error.
 * @param mistakes at least one, shown in this order
 * @param page the page that explains every key
 */
export function configurationError(mistakes: readonly Mistake[], page = "docs/configuration.md"): ReleaseError {
  const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
  return new ReleaseError({
    code: "CONFIGURATION",
    step: "reading the configuration",
    reason: [count, ...mistakes.map(lineOf)].join("\n"),
    meaning: "Nothing was started: no build, no push, no tag, no Release.",
    fix: `Fix each line above (${page} explains every key).`,
    rerun: "yes, nothing has happened",
  });
}

function lineOf(mistake: Mistake): string {
  const value = mistake.value === undefined ? "" : ` = ${cut(JSON.stringify(mistake.value) ?? String(mistake.value))}`;
  return shownText(`- ${mistake.path}${value}: ${mistake.reason}; for example ${mistake.example}`);
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
