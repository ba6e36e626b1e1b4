import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { uncompress } from "snappyjs";
import { findNetworkWords, ServerRefusal } from "../../../errors/server-refusal.ts";
import { parseBoundedJson } from "../../../formats/bounded-json.ts";
import { readBodyStart, readBody, mostBytes } from "../../bounded-body.ts";
import type { Repository } from "../git-refs.ts";
import { readPages } from "../pages.ts";
import { gitHub, allowMissing } from "../github.ts";
import { retried } from "../../retry.ts";
import type { StoredBundle } from "../../sigstore/signing.ts";

/** An entry of GitHub's list; its description does not mention null. */
interface Listed {
  bundle?: unknown;
  bundle_url?: string;
}

type ListParameters = RestEndpointMethodTypes["repos"]["listAttestations"]["parameters"];

/**
 * Lists a digest's bundles in GitHub's attestations API, newest first. Without any, GitHub answers 404, and the list is empty.
 *
 * Since 2026-07-16 a list contains addresses instead of bundles: pre-signed, at another host, the JSON compressed with snappy. They are
 * fetched without a token: that host must not see it, and refuses it. Sources: github.com/aaif-goose/goose/pull/10557 and
 * github.com/denoland/clawpatrol/pull/770.
 * @param predicateType only statements of this type
 * @throws ServerRefusal
 */
export async function listAttestations(
  repository: Repository,
  digest: string,
  predicateType: string,
): Promise<StoredBundle[]> {
  const parameters: ListParameters = { ...repository, subject_digest: digest, predicate_type: predicateType };
  const bundles = await Promise.all((await listEntries(parameters)).map(readBundle));
  return bundles.flatMap((bundle) => (bundle === undefined ? [] : [bundle]));
}

/**
 * Lists GitHub's numbers for the attestations of a digest, newest first, whatever they say of it. The bundles are not fetched, and nothing is
 * verified: GitHub stores a bundle only for a run in this repository.
 *
 * A list does not contain the numbers. Each address ends in one: `/attestations/103962638/2026/08/31/44147842.json.sn`; GitHub does not document
 * that.
 * @returns undefined in the place of an attestation whose address ends in anything else
 * @throws ServerRefusal
 */
export async function listAttestationIds(repository: Repository, digest: string): Promise<(string | undefined)[]> {
  const entries = await listEntries({ ...repository, subject_digest: digest });
  return entries.map(({ bundle_url: address }) => {
    const { pathname = "" } = (address && URL.parse(address)) || {};
    return /\/([1-9]\d{0,15})\.json(?:\.sn)?$/.exec(pathname)?.[1];
  });
}

/**
 * Posts a bundle to GitHub. As far as is known, GitHub keeps an equal second one in addition to the first: check first.
 * @returns GitHub's number for it
 * @throws ServerRefusal with GitHub's words, for example 403 without `attestations: write`, 422 for a bundle of another repository's run
 */
export async function postAttestation(repository: Repository, bundle: StoredBundle): Promise<number | undefined> {
  const parameters = { ...repository, bundle } as RestEndpointMethodTypes["repos"]["createAttestation"]["parameters"];
  return (await gitHub().rest.repos.createAttestation(parameters)).data.id;
}

/** Without any attestation, GitHub answers 404: the list is empty. */
async function listEntries(parameters: ListParameters): Promise<Listed[]> {
  const { repos } = gitHub().rest;
  const readEntries = async (): Promise<Listed[]> => {
    const pages: Listed[][] = [];
    for await (const { attestations } of readPages(repos.listAttestations, { ...parameters, per_page: 100 })) {
      pages.push((attestations ?? []) as Listed[]);
    }
    return pages.flat();
  };
  return (await allowMissing(readEntries())) ?? [];
}

async function readBundle({ bundle, bundle_url: address }: Listed): Promise<StoredBundle | undefined> {
  if (bundle !== undefined && bundle !== null) {
    return bundle as StoredBundle;
  }
  if (address === undefined) {
    return undefined;
  }
  return parseBundle(await retried(() => download(address)), address);
}

/** Does not use the GitHub client, which would send the token. */
async function download(address: string): Promise<Buffer> {
  const request = describeRequest(address);
  const signal = AbortSignal.timeout(60_000);
  let answer: Response;
  try {
    answer = await fetch(address, { signal });
  } catch (error) {
    throw new ServerRefusal({ request, status: 0, words: findNetworkWords(error) }, { cause: error });
  }
  if (answer.ok) {
    return readBody(answer, { request, most: mostBytes.bundle, signal });
  }
  const words = /<Code>(\w+)<\/Code>/.exec(await readBodyStart(answer))?.[1] ?? answer.statusText;
  throw new ServerRefusal({ request, status: answer.status, words });
}

function parseBundle(bytes: Buffer, address: string): StoredBundle {
  // uncompress() checks the length in front of the compressed bytes first, so that a few bytes cannot fill the memory.
  const json = bytes[0] === "{".charCodeAt(0) && bytes.at(-1) === "}".charCodeAt(0) ? bytes : inflate(bytes, address);
  try {
    return parseBoundedJson(json) as StoredBundle;
  } catch (error) {
    throw makeUnreadableRefusal(address, error);
  }
}

function inflate(bytes: Buffer, address: string): Buffer {
  try {
    return uncompress(bytes, mostBytes.bundle);
  } catch (error) {
    throw makeUnreadableRefusal(address, error);
  }
}

function makeUnreadableRefusal(address: string, cause: unknown): ServerRefusal {
  const words = `the bundle cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new ServerRefusal({ request: describeRequest(address), status: 200, words }, { cause });
}

/** Without the query: it is the key to the bundle. */
function describeRequest(address: string): string {
  const { origin, pathname } = new URL(address);
  return `GET ${origin}${pathname}`;
}
