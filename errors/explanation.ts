import type { ErrorCode } from "./catalogue/error-code.ts";

/** What a server's words mean and how to fix it. */
export interface Explanation {
  code: ErrorCode;
  meaning: string;
  fix: string;
  /** Whether a re-run is safe. Default: the general promise. */
  rerun?: string;
}
