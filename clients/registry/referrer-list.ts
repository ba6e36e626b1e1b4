import { z } from "zod";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { boundedBody, mostBytes } from "../bounded-body.ts";
import { selectReferrers } from "./referrer-selection.ts";
import type { ListedReferrers } from "./referrer-selection.ts";
import { addressOf, askRegistry } from "./access.ts";
import { registryRefusal, requestOf } from "./refusal.ts";
import { getManifest } from "./registry.ts";
import type { Manifest } from "./registry.ts";
import { retried } from "../retry.ts";

/** Media type of an index, which a list of referrers is too. */
export const indexMediaType = "application/vnd.oci.image.index.v1+json";

/** Pages of a list that are read. */
const mostPages = 20;

/** A registry in Go may write an empty list as null. */
const Page = z.object({ manifests: z.array(z.unknown()).nullable() });

/** The list under a tag, with whatever else stands in it. */
const TaggedList = z.looseObject({ manifests: z.array(z.unknown()).nullish() });

/** One page of a list, and where the next one is. */
interface ReferrerPage {
  entries: unknown[];
  next: URL | undefined;
}

/**
 * Lists what is attached to a digest: by the referrers API, and by the tag `sha256-HEX` that stands for it where a registry has none (GHCR).
 * Source: OCI distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema".
 * @param most entries that are chosen of it
 * @throws ServerRefusal if one of the two lists cannot be fetched. What others may have pushed under the tag is no reason to fail
 */
export async function referrersOf(
  repository: string,
  digest: Digest,
  most: number,
  signal: AbortSignal,
): Promise<ListedReferrers> {
  const selection = selectReferrers(most);
  const [, tagged] = await Promise.all([
    addPages(selection, repository, digest, signal),
    getManifest(repository, referrersTag(digest), { signal }),
  ]);
  try {
    if (tagged !== undefined) {
      selection.add(taggedList(tagged).manifests ?? []);
    }
  } catch (error) {
    selection.skip(`${referrersTag(digest)}: ${(error as Error).message}`);
  }
  return selection.chosen();
}

/** The tag that lists what is attached to a digest. */
export function referrersTag(digest: Digest): string {
  return digest.replace(":", "-");
}

/**
 * Reads the list under such a tag.
 * @returns all that stands in it, its entries as they are
 * @throws Error if it is no list: "is application/vnd.oci.image.manifest.v1+json and no list"
 */
export function taggedList({ mediaType, bytes }: Manifest): z.output<typeof TaggedList> {
  if (mediaType !== indexMediaType) {
    throw new Error(`is ${mediaType} and no list`);
  }
  return parseCheckedJson(TaggedList, bytes);
}

/** Adds what the referrers API lists: nothing if the registry has none, which is said by 404 (and, by some, by 400 or 405). */
async function addPages(
  selection: ReturnType<typeof selectReferrers>,
  repository: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<void> {
  const asked = new Set<string>();
  let next: URL | undefined = addressOf(repository, `referrers/${digest}`);
  while (next !== undefined) {
    if (asked.size === mostPages) {
      selection.skip(`the list has more than ${mostPages} pages, and what the others list was not looked at`);
      return;
    }
    const at: URL = next;
    asked.add(at.href);
    const page = await retried(() => pageAt(repository, at, asked, signal), undefined, signal);
    selection.add(page?.entries ?? []);
    next = page?.next;
  }
}

async function pageAt(
  repository: string,
  at: URL,
  asked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReferrerPage | undefined> {
  const answer = await askRegistry(repository, at, { headers: { accept: indexMediaType }, signal });
  if (!answer.ok) {
    if (asked.size > 1 || ![400, 404, 405].includes(answer.status)) {
      throw await registryRefusal(answer, "GET");
    }
    await answer.body?.cancel();
    return undefined;
  }
  const request = requestOf(answer, "GET");
  const bytes = await boundedBody(answer, { request, most: mostBytes.manifest });
  const refusal = (words: string): ServerRefusal => new ServerRefusal({ request, status: answer.status, words });
  let page: z.output<typeof Page>;
  try {
    page = parseCheckedJson(Page, bytes);
  } catch (error) {
    throw refusal(`the list of what is attached cannot be read: ${(error as Error).message}`);
  }
  const link = nextLink(answer);
  if (link === undefined) {
    return { entries: page.manifests ?? [], next: undefined };
  }
  const next = URL.canParse(link, at.href) ? new URL(link, at) : undefined;
  const { origin, pathname } = addressOf(repository, "");
  // Another place would be sent this registry's login, or would list what is attached to something else.
  if (next?.origin !== origin || !next.pathname.startsWith(pathname)) {
    throw refusal("the list of what is attached goes on at a place outside of this repository");
  }
  if (asked.has(next.href)) {
    throw refusal("the list of what is attached goes on with a page that was read before");
  }
  return { entries: page.manifests ?? [], next };
}

/** Source: RFC 8288; OCI distribution-spec 1.1, "Listing Referrers". */
function nextLink(answer: Response): string | undefined {
  return /<([^>]*)>\s*;[^,<]*\brel="?next\b/i.exec(answer.headers.get("link") ?? "")?.[1];
}
