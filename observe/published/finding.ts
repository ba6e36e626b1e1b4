/** What became of one promise of a published Release. */
export type Outcome = "kept" | "broken";

/** One promise of a published Release, held against the world. */
export interface Finding {
  /** What is promised: "ghcr.io/acme/app:1.2.3 names the recorded digest". */
  promise: string;
  outcome: Outcome;
  /** What was found instead; the digest or commit if the promise is kept. */
  found: string;
}

/**
 * A finding.
 * @param kept undefined if what was promised is not there at all: not kept
 * @param found default "nothing"
 */
export function finding(promise: string, kept: boolean | undefined, found = "nothing"): Finding {
  return { promise, outcome: kept === true ? "kept" : "broken", found };
}
