import { compare, gt } from "semver";
import { gitHub, allowMissing } from "../../clients/github/github.ts";
import {
  allReleases,
  findLatestRelease,
  findRelease,
  shareLatestRelease,
} from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { versionIn } from "../../formats/release/tag-pattern.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import type { ReleaseWork } from "./release-work.ts";

/** The Releases of a repository as GitHub shows them at one look: by two answers, because its lists may lag. */
export interface ShownReleases {
  /** All Releases, drafts included. */
  releases: readonly Release[];
  /** The one that has the mark "Latest"; undefined if none has it, or if this version has no say in that. */
  latest: Release | undefined;
}

/**
 * Whether this version has a say in which Release is "Latest". One that has none is published without the mark. If no Release of the
 * repository was ever given it, GitHub may show one of them with it all the same: that is not a difference, and GitHub is not asked.
 * Source: cli/cli#10695, cli/cli#6963.
 */
export function decidesLatest({ latest, prerelease }: Pick<ReleaseInputs, "latest" | "prerelease">): boolean {
  return latest && !prerelease;
}

/**
 * Lists the Releases and asks which one is "Latest", side by side.
 * @param listed all Releases, if they were read a moment ago
 */
export async function lookAtReleases(
  { repository, inputs }: Pick<ReleaseWork, "repository" | "inputs">,
  listed?: readonly Release[],
): Promise<ShownReleases> {
  const [releases, latest] = await Promise.all([
    listed ?? allReleases(repository),
    decidesLatest(inputs) ? findLatestRelease(repository) : undefined,
  ]);
  return { releases, latest };
}

/**
 * The same for a read: which one is "Latest" is shared within the run.
 * @param releases all Releases
 */
export async function shareLatest(
  { repository, inputs }: Pick<ReleaseWork, "repository" | "inputs">,
  releases: readonly Release[],
): Promise<ShownReleases> {
  return { releases, latest: decidesLatest(inputs) ? await shareLatestRelease(repository) : undefined };
}

/**
 * Which Release must be "Latest", as far as this version may say so.
 * @returns `own` if it is the highest stable version of its unit; the higher one if there is one; undefined if this version has no say
 */
export function findRightfulLatest(inputs: ReleaseInputs, shown: ShownReleases): "own" | Release | undefined {
  if (!decidesLatest(inputs)) {
    return undefined;
  }
  const { releases, latest } = shown;
  const higher = [...releases, ...(latest ? [latest] : [])].flatMap((release) => {
    const version = versionIn(inputs.tagPattern, release.tag_name);
    const counts = !release.draft && !release.prerelease && version !== undefined && !version.includes("-");
    return counts && gt(version, inputs.version) ? [{ release, version }] : [];
  });
  return higher.toSorted((a, b) => compare(b.version, a.version))[0]?.release ?? "own";
}

/**
 * Whether the mark is where this version says it must be: on this version, if it is the highest stable one of its unit; anywhere but on it,
 * if a higher one is published.
 * @param ids of this version's Release, and of those that this run gave the mark to
 */
export function isLatestRight(inputs: ReleaseInputs, shown: ShownReleases, ids: readonly number[]): boolean {
  const rightful = findRightfulLatest(inputs, shown);
  const [own] = ids;
  const marked = shown.latest?.id;
  if (rightful === undefined || (rightful === "own" ? marked === own : marked === rightful.id)) {
    return true;
  }
  // Another Release that has the mark was given it by someone else, who may have a reason.
  return rightful !== "own" && (marked === undefined || !ids.includes(marked));
}

/** Gives a published, stable Release the mark "Latest". Nothing happens if it is neither any more: a list may have shown it late. */
export async function markAsLatest(repository: Repository, id: number): Promise<void> {
  const now = await findRelease(repository, id);
  if (now && !now.draft && !now.prerelease) {
    await allowMissing(gitHub().rest.repos.updateRelease({ ...repository, release_id: id, make_latest: "true" }));
  }
}
