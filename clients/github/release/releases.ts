import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import type { Repository } from "../git-refs.ts";
import { readAllPages } from "../pages.ts";
import { gitHub, gitHubApi, allowMissing } from "../github.ts";

/** A GitHub Release as the REST API returns it. */
export type Release = RestEndpointMethodTypes["repos"]["getRelease"]["response"]["data"];

/** An asset of a Release. */
export type ReleaseAsset = Release["assets"][number];

const lists = new Map<string, Promise<Release[]>>();

/** All Releases under one tag name. */
export interface ReleasesOfTag {
  /** The public one. */
  published: Release | undefined;
  /** Drafts, the oldest first: GitHub accepts several for one tag, and shows them only to those who may push. */
  drafts: Release[];
  /** The list in which the drafts were found: all Releases of the repository. */
  all: Release[];
}

/**
 * Finds the published Release of a tag and its drafts. Drafts cannot be requested by tag, so they are searched in the list.
 * Source: REST "Get a release by tag name" returns published ones only.
 * @param list reads the list. Default allReleases()
 */
export async function findReleasesOfTag(
  repository: Repository,
  tag: string,
  list: typeof allReleases = allReleases,
): Promise<ReleasesOfTag> {
  const [byTag, all] = await Promise.all([findPublishedRelease(repository, tag), list(repository)]);
  const ofTag = all.filter((release) => release.tag_name === tag);
  // A Release that is published between the two answers is a draft in neither.
  const published = byTag ?? ofTag.find(({ draft }) => !draft);
  const drafts = ofTag.filter(({ draft }) => draft);
  return { published, drafts: drafts.toSorted((a, b) => a.id - b.id), all };
}

/** Finds the public Release of a tag; undefined if there is none. */
export async function findPublishedRelease(repository: Repository, tag: string): Promise<Release | undefined> {
  return (await allowMissing(gitHub().rest.repos.getReleaseByTag({ ...repository, tag })))?.data;
}

/** Lists every Release of the repository, including drafts if the token may see them. */
export function allReleases(repository: Repository): Promise<Release[]> {
  return readAllPages(gitHub().rest.repos.listReleases, { ...repository, per_page: 100 });
}

/**
 * Lists every Release as allReleases() does, and shares the list with everyone in this process who asks while it is read. So it may be
 * older than the call, by as long as the reading takes: it is for what is only shown or compared, never for a decision to write.
 */
export function sharedReleases(repository: Repository): Promise<Release[]> {
  const key = `${gitHubApi()} ${repository.owner}/${repository.repo}`;
  const list = lists.get(key) ?? allReleases(repository).finally(() => lists.delete(key));
  lists.set(key, list);
  return list;
}

/** Finds a Release by its id; undefined if it is gone. */
export async function findRelease(repository: Repository, id: number): Promise<Release | undefined> {
  return (await allowMissing(gitHub().rest.repos.getRelease({ ...repository, release_id: id })))?.data;
}

/** A Release and all its assets, at one moment. */
export interface ReleaseMoment {
  release: Release;
  /** All of them: the Release itself contains only the first. */
  assets: ReleaseAsset[];
  /** The moment by GitHub's clock, in milliseconds since 1970: for the age of an asset, whatever this machine's clock says. */
  now: number;
}

/** Reads a Release and its assets by its id, side by side; undefined if it is gone. */
export async function readRelease(repository: Repository, id: number): Promise<ReleaseMoment | undefined> {
  const [answer, assets] = await Promise.all([
    allowMissing(gitHub().rest.repos.getRelease({ ...repository, release_id: id })),
    allowMissing(listAssets(repository, id)),
  ]);
  if (answer === undefined || assets === undefined) {
    return undefined;
  }
  // Every answer has this header (RFC 9110, section 6.6.1), but a proxy may drop it.
  const now = Date.parse(answer.headers.date ?? "");
  return { release: answer.data, assets, now: Number.isNaN(now) ? Date.now() : now };
}

/** Lists all assets of a Release: the Release itself contains only the first of them. */
export function listAssets(repository: Repository, id: number): Promise<ReleaseAsset[]> {
  return readAllPages(gitHub().rest.repos.listReleaseAssets, { ...repository, release_id: id, per_page: 100 });
}
