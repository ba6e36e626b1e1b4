import { z } from "zod";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import { readManifest } from "../../formats/artifact/manifest.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { mostBytes } from "../bounded-body.ts";
import { listReferrers } from "./referrer-list.ts";
import type { ListedReferrers } from "./referrer-selection.ts";
import { getBlob, getManifest } from "./registry.ts";
import type { Manifest } from "./registry.ts";
import { shareAnswer } from "../shared-answers.ts";
import { bundleMediaType } from "../sigstore/signing.ts";
import type { StoredBundle } from "../sigstore/signing.ts";

/** One thing that is attached to a digest. */
export type Attached =
  | { bundle: StoredBundle; manifest: Digest }
  /** Why an entry was not checked or cannot be read: "sha256:…: 403: DENIED: denied". It may stand for many entries. */
  | { unread: string };

/** The limits of a check. */
export interface AttachedBounds {
  /** Ends the check; the remaining entries are counted. Default: after two minutes. */
  signal?: AbortSignal;
  /** Entries of the list. Default 500. */
  most?: number;
  /** The list, if it was just read. Default: it is asked for. */
  list?: ListedReferrers;
  /**
   * Whether answers may be shared with others in this run, and so be two minutes old: for a look, never for a decision to write or the check after
   * a write. Default: everything is asked anew.
   */
  shared?: boolean;
}

/** How the list, its manifests and their bundles are fetched. */
interface Fetching {
  list: (...question: Parameters<typeof listReferrers>) => Promise<ListedReferrers>;
  manifest: typeof getManifest;
  blob: typeof getBlob;
}

const anew: Fetching = { list: listInTime, manifest: getManifest, blob: getBlob };

/** A shared request is not ended by the signal of one who waits for it: only the wait is. */
const shared: Fetching = {
  list: (repository, digest, most, signal) =>
    untilAborted(
      shareAnswer(["referrers", repository, digest, most], async (): Promise<ListedReferrers> => {
        const { digests, unread } = await listInTime(repository, digest, most, AbortSignal.timeout(longestLook));
        return { digests, unread };
      }),
      signal,
    ),
  manifest: (repository, digest, { most = mostBytes.attachment, signal } = {}) =>
    untilAborted(
      shareAnswer(["attachment", repository, digest, most], () => getManifest(repository, digest, { most })),
      signal,
    ),
  blob: (repository, digest, { most, signal }) =>
    untilAborted(
      shareAnswer(["blob", repository, digest, most], () => getBlob(repository, digest, { most })),
      signal,
    ),
};

/** The most entries of a list that are chosen. */
const mostEntries = 500;

/** The longest check of a list, in milliseconds. */
const longestLook = 120_000;

/** Manifests that are fetched at the same time. */
const atOnce = 8;

/** Bundles of up to this many bytes are fetched at the same time, larger ones one at a time, so that eight cannot fill the memory. */
const small = 2 ** 20;

const Bundle = z.looseObject({});

/**
 * Yields the Sigstore bundles that are attached to a digest, one after another. A caller that has found enough leaves the loop, and
 * nothing more is fetched. Anyone who may push may attach anything. So an entry that cannot be read, is too large, is refused or is gone
 * does not throw: its name is yielded. Entries that are not bundles are skipped.
 * @throws ServerRefusal if the list cannot be fetched, and for each answer that may be different later: 401, 429, 5xx, none
 */
export async function* readAttachments(
  repository: string,
  digest: string,
  {
    signal = AbortSignal.timeout(longestLook),
    most = mostEntries,
    shared: mayShare = false,
    list: given,
  }: AttachedBounds = {},
): AsyncGenerator<Attached> {
  const fetching = mayShare ? shared : anew;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const begun: Promise<() => Promise<Attached | undefined>>[] = [];
  let left = 0;
  try {
    const list = given ?? (await fetching.list(repository, digest as Digest, most, either));
    // A shared list belongs to everyone.
    const digests = [...list.digests];
    yield* list.unread.map((words) => ({ unread: words }));
    const fill = (): void => {
      if (signal.aborted) {
        return;
      }
      for (const next of digests.splice(0, atOnce - begun.length)) {
        const look = begin(fetching, repository, next, either);
        // A caller that left the loop no longer waits for it.
        look.catch(() => undefined);
        begun.push(look);
      }
    };
    for (fill(); begun.length > 0; fill()) {
      try {
        const found = await (await begun.shift())?.();
        if (found) {
          yield found;
        }
      } catch (error) {
        if (!either.aborted || error !== either.reason) {
          throw error;
        }
        left += 1;
      }
    }
    left += digests.length;
    if (left > 0) {
      yield { unread: `${left} more entries of the list were not checked: it took too long` };
    }
  } finally {
    ended.abort();
  }
}

/**
 * Lists the attachments of a digest, for readAttachments().
 * @param read the list under the tag, if it was just read. Default: it is asked for
 * @throws ServerRefusal if the list cannot be fetched within two minutes
 */
export function listAttachments(repository: string, digest: string, read?: Manifest): ReturnType<typeof listReferrers> {
  return listInTime(repository, digest as Digest, mostEntries, AbortSignal.timeout(longestLook), read);
}

/** @throws ServerRefusal, also if the signal ends it */
async function listInTime(
  ...[repository, digest, most, signal, read]: Parameters<typeof listReferrers>
): ReturnType<typeof listReferrers> {
  try {
    return await listReferrers(repository, digest, most, signal, read);
  } catch (error) {
    return refuseLate(error, `GET ${repository}/referrers/${digest}`, signal);
  }
}

function refuseLate(error: unknown, request: string, signal: AbortSignal): never {
  if (error !== signal.reason) {
    throw error;
  }
  throw new ServerRefusal({ request, status: 0, words: "the list took too long", exhausted: true }, { cause: error });
}

/**
 * Starts checking one entry.
 * @returns a function that finishes the check: at once, except for a large bundle
 */
async function begin(
  fetching: Fetching,
  repository: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<() => Promise<Attached | undefined>> {
  const addName = (error: unknown): Attached => ({ unread: `${digest}: ${explainUnread(error)}` });
  try {
    const manifest = await fetching.manifest(repository, digest, { most: mostBytes.attachment, signal });
    if (manifest === undefined) {
      throw new Unreadable("is listed but not there");
    }
    const layer = tryRead(() => readManifest(manifest.bytes)).layers.find(
      ({ mediaType }) => mediaType === bundleMediaType,
    );
    if (layer === undefined) {
      return async () => undefined;
    }
    const fetchBundle = async (): Promise<Attached> => ({
      bundle: await readBundle(fetching, repository, layer, signal),
      manifest: digest,
    });
    const finish = () => fetchBundle().catch(addName);
    if (layer.size > small) {
      return finish;
    }
    const found = await finish();
    return async () => found;
  } catch (error) {
    const found = addName(error);
    return async () => found;
  }
}

async function readBundle(
  fetching: Fetching,
  repository: string,
  { digest, size }: { digest: Digest; size: number },
  signal: AbortSignal,
): Promise<StoredBundle> {
  if (size > mostBytes.bundle) {
    throw new Unreadable(`its bundle is longer than ${mostBytes.bundle} bytes`);
  }
  const blob = await fetching.blob(repository, digest, { most: size, signal });
  if (blob === undefined) {
    throw new Unreadable("its bundle is not there");
  }
  return tryRead(() => parseCheckedJson(Bundle, blob)) as unknown as StoredBundle;
}

/** Waits for an answer until a signal ends the wait. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return answer;
  }
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = (): void => reject(signal.reason as Error);
  if (signal.aborted) {
    stop();
  }
  signal.addEventListener("abort", stop, { once: true });
  answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  return promise;
}

/** A problem of one entry, not of the registry. */
class Unreadable extends Error {}

function tryRead<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unreadable(`cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws the error if it concerns more than this entry */
function explainUnread(error: unknown): string {
  if (error instanceof Unreadable) {
    return error.message;
  }
  if (!(error instanceof ServerRefusal) || error.transient || error.status === 401) {
    throw error;
  }
  return error.status < 400 ? error.words : `${error.status}: ${error.words}`;
}
