import type { ErrorCode } from "./release-error.ts";

/** What a server's words mean and how to mend it. */
export interface Explanation {
  code: ErrorCode;
  meaning: string;
  fix: string;
  /** Whether a re-run is safe. Default: the general promise. */
  rerun?: string;
}

/** A refusal that is known, with the words that it is known by. */
export interface KnownRefusal extends Explanation {
  /** Matched against "STATUS words" of the answer, or against the text of a failed resource that is not ours. */
  words: RegExp;
  /** Matched against "METHOD address" of the request, where the words say too little without it. Default: any request, known or not. */
  request?: RegExp;
}
