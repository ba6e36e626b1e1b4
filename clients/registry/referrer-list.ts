import { z } from "zod";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import { readBody, mostBytes } from "../bounded-body.ts";
import { selectReferrers } from "./referrer-selection.ts";
import type { ListedReferrers } from "./referrer-selection.ts";
import { makeAddress, askRegistry } from "./access.ts";
import { readRegistryRefusal, describeRequest } from "./refusal.ts";
import { getManifest } from "./registry.ts";
import type { Manifest } from "./registry.ts";
import { retried } from "../retry.ts";

/** Media type of an index; a list of referrers is also an index. */
export const indexMediaType = "application/vnd.oci.image.index.v1+json";

/** The most pages of a list to read. */
const mostPages = 20;

/** A registry in Go may write an empty list as null. */
const Page = z.object({ manifests: z.array(z.unknown()).nullable() });

/** The list under a tag, with all other content. */
const TaggedList = z.looseObject({ manifests: z.array(z.unknown()).nullish() });

/** An entry of a list, as it stands there. */
export type ListEntry = Record<string, unknown> & { digest: string };

/** Namespaces of registries that were seen to have no referrers API: `ghcr.io/acme`. A proxy may have one for some of its upstreams. */
const withoutApi = new Map<string, true>();

/** One page of a list, and the address of the next one. */
interface ReferrerPage {
  entries: unknown[];
  next: URL | undefined;
}

/**
 * Lists the attachments of a digest: by the referrers API, and by the tag `sha256-HEX` that replaces it in registries without one (GHCR).
 * Source: OCI distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema".
 * @param most entries to choose from it
 * @param read what is under the tag, if it was just read. Default: it is asked for
 * @returns what to check, and those of its entries that are under the tag, as they stand there
 * @throws ServerRefusal if one of the two lists cannot be fetched. Content that others may have pushed under the tag does not cause a failure
 */
export async function listReferrers(
  repository: string,
  digest: Digest,
  most: number,
  signal: AbortSignal,
  read?: Manifest,
): Promise<ListedReferrers & { tagged: ListEntry[] }> {
  const selection = selectReferrers(most);
  const namespace = repository.split("/", 2).join("/");
  const [hasApi, tagged] = await Promise.all([
    withoutApi.has(namespace) || addPages(selection, repository, digest, signal),
    read ?? getManifest(repository, nameReferrersTag(digest), { signal }),
  ]);
  let entries: unknown[] = [];
  // Without the tag, the 404 may only say that the repository does not exist.
  if (!hasApi && tagged !== undefined) {
    withoutApi.set(namespace, true);
  }
  try {
    if (tagged !== undefined) {
      entries = readTaggedList(tagged).manifests ?? [];
      selection.add(entries);
    }
  } catch (error) {
    selection.skip(`${nameReferrersTag(digest)}: ${(error as Error).message}`);
  }
  const chosen = selection.chosen();
  const digests = new Set<string>(chosen.digests);
  return { ...chosen, tagged: entries.filter(hasDigest).filter((entry) => digests.has(entry.digest)) };
}

/** Whether an entry of a list names a digest. */
export function hasDigest(entry: unknown): entry is ListEntry {
  return typeof entry === "object" && entry !== null && "digest" in entry && typeof entry.digest === "string";
}

/** The tag that lists the attachments of a digest. */
export function nameReferrersTag(digest: Digest): string {
  return digest.replace(":", "-");
}

/**
 * Reads the list under such a tag.
 * @returns its whole content, with unchanged entries
 * @throws Error if it is not a list: "is application/vnd.oci.image.manifest.v1+json, not a list"
 */
export function readTaggedList({ mediaType, bytes }: Manifest): z.output<typeof TaggedList> {
  if (mediaType !== indexMediaType) {
    throw new Error(`is ${mediaType}, not a list`);
  }
  return parseCheckedJson(TaggedList, bytes);
}

/**
 * Adds the entries of the referrers API. A registry without one answers 404 (some 400 or 405); then it adds nothing.
 * @returns whether the registry has one
 */
async function addPages(
  selection: ReturnType<typeof selectReferrers>,
  repository: string,
  digest: Digest,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = new Set<string>();
  let next: URL | undefined = makeAddress(repository, `referrers/${digest}`);
  while (next !== undefined) {
    if (asked.size === mostPages) {
      selection.skip(`the list has more than ${mostPages} pages; the entries of the others were not checked`);
      return true;
    }
    const at: URL = next;
    asked.add(at.href);
    const page = await retried(() => readPage(repository, at, asked, signal), undefined, signal);
    if (page === undefined) {
      return false;
    }
    selection.add(page.entries);
    next = page.next;
  }
  return true;
}

async function readPage(
  repository: string,
  at: URL,
  asked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReferrerPage | undefined> {
  const answer = await askRegistry(repository, at, { headers: { accept: indexMediaType }, signal });
  if (!answer.ok) {
    if (asked.size > 1 || ![400, 404, 405].includes(answer.status)) {
      throw await readRegistryRefusal(answer, "GET");
    }
    await answer.body?.cancel();
    return undefined;
  }
  const request = describeRequest(answer, "GET");
  const bytes = await readBody(answer, { request, most: mostBytes.manifest });
  const refusal = (words: string): ServerRefusal => new ServerRefusal({ request, status: answer.status, words });
  let page: z.output<typeof Page>;
  try {
    page = parseCheckedJson(Page, bytes);
  } catch (error) {
    throw refusal(`the list of attachments cannot be read: ${(error as Error).message}`);
  }
  const link = readNextLink(answer);
  if (link === undefined) {
    return { entries: page.manifests ?? [], next: undefined };
  }
  const next = URL.canParse(link, at.href) ? new URL(link, at) : undefined;
  const { origin, pathname } = makeAddress(repository, "");
  // Another address would receive this registry's login, or would list the attachments of something else.
  if (next?.origin !== origin || !next.pathname.startsWith(pathname)) {
    throw refusal("the list of attachments continues outside this repository");
  }
  if (asked.has(next.href)) {
    throw refusal("the list of attachments links to a page that was already read");
  }
  return { entries: page.manifests ?? [], next };
}

/** Source: RFC 8288; OCI distribution-spec 1.1, "Listing Referrers". */
function readNextLink(answer: Response): string | undefined {
  return /<([^>]*)>\s*;[^,<]*\brel="?next\b/i.exec(answer.headers.get("link") ?? "")?.[1];
}
