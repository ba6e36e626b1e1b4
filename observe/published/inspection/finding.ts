import { shownText } from "../../../errors/shown-text.ts";
import type { Signer } from "../../../formats/signing/signer.ts";

/** The result for one promise of a published Release. */
export type Outcome =
  | "kept"
  /** Different from today's configuration, or worth a look, but no broken promise. */
  | "differs"
  | "broken";

/** One promise of a published Release, compared with the world. */
export interface Finding {
  /** The promise: "ghcr.io/acme/app:1.2.3 names the recorded digest". */
  promise: string;
  outcome: Outcome;
  /** The thing found instead; the digest or commit if the promise is kept. */
  found: string;
  /** The signer, if the finding is about one. */
  signer?: Signer;
}

/**
 * Makes a finding. Both texts may quote a record or a server, so they are stored in the form of shownText().
 * @param kept undefined if the promised thing does not exist at all: not kept
 * @param found default "nothing"
 * @param otherwise the outcome if it is not kept. Default `broken`
 */
export function makeFinding(
  promise: string,
  kept: boolean | undefined,
  found = "nothing",
  otherwise: Exclude<Outcome, "kept"> = "broken",
): Finding {
  return { promise: shownText(promise), outcome: kept === true ? "kept" : otherwise, found: shownText(found) };
}
