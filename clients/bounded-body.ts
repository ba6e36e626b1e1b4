import { findNetworkWords, ServerRefusal } from "../errors/server-refusal.ts";

/** The most bytes to read of an answer, by its kind. */
export const mostBytes = {
  /** A manifest, an index or a list of referrers. Source: OCI distribution-spec 1.1, "Pushing Manifests", requires at least 4 MiB. */
  manifest: 8 * 2 ** 20,
  /** The manifest of an attachment: one layer and some annotations. Eight are read at a time. */
  attachment: 2 ** 20,
  /** A bundle. GitHub accepts predicates of 16 MB, and base64 makes them a third longer. */
  bundle: 32 * 2 ** 20,
  /** The words of a refusal. */
  words: 64 * 2 ** 10,
  /** The answer of a token service. */
  token: 64 * 2 ** 10,
  /** JSON of GitHub's API. 100 Releases with 1,000 assets each have some 150 MB; GitHub starts a new page far earlier. */
  gitHub: 64 * 2 ** 20,
  /** The record of a release. */
  record: 4 * 2 ** 20,
} as const;

/** The limits of a read, and the request that it belongs to. */
export interface BodyBounds {
  /** "GET https://host/path", without a query: for the error. */
  request: string;
  /** Bytes. */
  most: number;
  /** Ends the reading, for example when the whole exchange takes too long. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads the whole body of an answer.
 * @returns its bytes; none if it has no body
 * @throws ServerRefusal with status 0 for a body that is cut off or too slow, which may be temporary; with the answer's own status for a
 *   body longer than `most`, which is not read to its end
 */
export async function readBody(answer: Response, { request, most, signal }: BodyBounds): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      signal?.throwIfAborted();
      length += chunk.length;
      // Leaving the loop cancels the body.
      if (length > most) {
        break;
      }
      chunks.push(chunk);
    }
  } catch (error) {
    const words = `the answer broke off after ${length} bytes: ${findNetworkWords(error)}`;
    throw new ServerRefusal({ request, status: 0, words }, { cause: error });
  }
  if (length > most) {
    throw makeLengthRefusal(answer, request, most);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads the first bytes of an answer, for the words of a refusal. A longer body is cut, and a body that breaks off ends there.
 * @param most bytes
 */
export async function readBodyStart(answer: Response, most: number = mostBytes.words): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) {
        break;
      }
    }
  } catch {
    // The refusal matters more than its words; keep those that arrived.
  }
  return Buffer.concat(chunks).subarray(0, most).toString("utf8");
}

function makeLengthRefusal({ status }: Response, request: string, most: number): ServerRefusal {
  return new ServerRefusal({ request, status, words: `the answer is longer than ${most} bytes` });
}
