import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import type { Repository } from "../git-refs.ts";
import { readAllPages } from "../pages.ts";
import { gitHub, gitHubApi, allowMissing } from "../github.ts";
import { shareAnswer } from "../../shared-answers.ts";

/** A GitHub Release as the REST API returns it. */
export type Release = RestEndpointMethodTypes["repos"]["getRelease"]["response"]["data"];

/** An asset of a Release. */
export type ReleaseAsset = Release["assets"][number];

/** GitHub's own page of a list: a Release that contains fewer assets than this contains all of them. */
const mostContained = 30;

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
 */
export async function findReleasesOfTag(repository: Repository, tag: string): Promise<ReleasesOfTag> {
  const [byTag, all] = await Promise.all([findPublishedRelease(repository, tag), allReleases(repository)]);
  return selectReleases(byTag, tag, all);
}

/**
 * Finds the Releases of a tag in a list that is shared within the run (shareAnswer), and asks for the tag only if the list has no published one:
 * a list may lag. For a look, never for a decision to write.
 */
export async function shareReleasesOfTag(repository: Repository, tag: string): Promise<ReleasesOfTag> {
  const all = await shareAnswer(["Releases", gitHubApi(), repository.owner, repository.repo], () =>
    allReleases(repository),
  );
  const found = selectReleases(undefined, tag, all);
  return found.published === undefined ? selectReleases(await findPublishedRelease(repository, tag), tag, all) : found;
}

function selectReleases(byTag: Release | undefined, tag: string, all: Release[]): ReleasesOfTag {
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

/** Which Release GitHub shows as "Latest", shared within the run: for a look, never for a decision to write. */
export function shareLatestRelease(repository: Repository): Promise<Release | undefined> {
  return shareAnswer(["latest", gitHubApi(), repository.owner, repository.repo], () => findLatestRelease(repository));
}

/** Which Release GitHub shows as "Latest"; undefined if none. */
export async function findLatestRelease(repository: Repository): Promise<Release | undefined> {
  return (await allowMissing(gitHub().rest.repos.getLatestRelease({ ...repository })))?.data;
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

/**
 * Lists all assets of a Release as it was read: those that it contains, unless they may be the first of more. Those of a draft, which other runs
 * change or remove, are listed anew. For a look: the answer is as old as the Release.
 */
export async function listContainedAssets(repository: Repository, release: Release): Promise<readonly ReleaseAsset[]> {
  return !release.draft && release.assets.length < mostContained ? release.assets : listAssets(repository, release.id);
}

/** Lists all assets of a Release: the Release itself contains only the first of them. */
export function listAssets(repository: Repository, id: number): Promise<ReleaseAsset[]> {
  return readAllPages(gitHub().rest.repos.listReleaseAssets, { ...repository, release_id: id, per_page: 100 });
}
