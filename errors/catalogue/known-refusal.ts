import type { ErrorCode } from "./error-code.ts";

/** A refusal that is known: what it is recognized by, what it means and how to fix it. */
export type KnownRefusal = Recognized & {
  code: ErrorCode;
  /** One or two sentences. */
  meaning: string;
  /** What to do. A function if the fix is on a page of the very thing that refused; without an address it describes the page. */
  fix: string | ((page?: string) => string);
  /** Whether a re-run is safe. Default: the general promise of ReleaseError. */
  rerun?: string;
  /**
   * What the refusal is about, if a caller needs to know:
   *
   * - `token`: the login of this run, and not the package; another run may have another login;
   * - `rate`: too many requests; whatever else the answer says, this is the cause.
   */
  about?: "token" | "rate";
};

/**
 * What an answer is recognized by. Both patterns are compared with "STATUS words" of an answer, or with the text of another package's
 * failed resource.
 */
type Recognized = (
  | {
      /** What this service says in this case, and no other. */
      words: RegExp;
      bare?: never;
    }
  | {
      /** A status, or a registry's general code, that says no more: used if no row recognizes the words. */
      bare: RegExp;
      words?: never;
    }
) & {
  /** Compared with "METHOD address" of the request, if the answer means something else on other requests. Default: any request, known or not. */
  request?: RegExp;
};

/**
 * How much an answer must have for a row to match it. Of several rows that match, the one that asks most is used, so the order of rows
 * decides nothing: a limit of the rate, then words on a certain request, words, a bare status on a certain request, a bare status.
 * @returns 4 to 0
 */
export function rankRefusal({ about, words, request }: KnownRefusal): number {
  if (about === "rate") {
    return 4;
  }
  return (words === undefined ? 0 : 2) + (request === undefined ? 0 : 1);
}

/**
 * Whether a row recognizes an answer.
 * @param text "STATUS words", or the text of a failed resource
 * @param request "METHOD address"; empty if it is not known
 */
export function matches(row: KnownRefusal, text: string, request: string): boolean {
  return (row.words ?? row.bare).test(text) && (row.request?.test(request) ?? true);
}
