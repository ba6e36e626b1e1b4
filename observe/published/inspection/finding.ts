import { shownText } from "../../../errors/shown-text.ts";
import type { Signer } from "../../../formats/signing/signer.ts";

/** What became of one promise of a published Release. */
export type Outcome =
  | "kept"
  /** Not as the configuration has it today, or worth a look: no promise is broken by it. */
  | "differs"
  | "broken";

/** One promise of a published Release, held against the world. */
export interface Finding {
  /** What is promised: "ghcr.io/acme/app:1.2.3 names the recorded digest". */
  promise: string;
  outcome: Outcome;
  /** What was found instead; the digest or commit if the promise is kept. */
  found: string;
  /** Who signed, where that is what was found. */
  signer?: Signer;
}

/**
 * A finding. Both texts may quote a record or a server, so they are kept as shownText() shows them.
 * @param kept undefined if what was promised is not there at all: not kept
 * @param found default "nothing"
 * @param otherwise what it is if it is not kept. Default `broken`
 */
export function finding(
  promise: string,
  kept: boolean | undefined,
  found = "nothing",
  otherwise: Exclude<Outcome, "kept"> = "broken",
): Finding {
  return { promise: shownText(promise), outcome: kept === true ? "kept" : otherwise, found: shownText(found) };
}
