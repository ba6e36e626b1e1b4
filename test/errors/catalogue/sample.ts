import type { ErrorCode } from "../../../errors/catalogue/error-code.ts";

/**
 * Words of a service or tool as they were seen, with what must be made of them: the code, what its fix says, the words with the status in
 * front if a client of Lockstep puts it there, and "METHOD address" of the request if that matters.
 */
export type Sample = [code: ErrorCode, fix: RegExp, words: string, request?: string];

/** GitHub's API in the addresses of requests. */
export const api = "https://api.github.com";
