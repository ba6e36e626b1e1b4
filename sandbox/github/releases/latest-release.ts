import { compare, valid } from "semver";
import type { ReleaseRecord, Repository } from "../store/store.ts";

/** Values of `make_latest`: all are strings, including the two that look like booleans. */
export const makeLatestChoices = ["true", "false", "legacy"] as const;

/** One of `makeLatestChoices`. */
export type MakeLatest = (typeof makeLatestChoices)[number];

/** Drafts and prereleases can never be latest. */
export function canBeLatest(release: ReleaseRecord): boolean {
  return !release.draft && !release.prerelease;
}

/**
 * The repository's latest release: the explicitly chosen one if it still can be, else the candidate with the newest
 * commit (creation date, not publication); of two, the higher version.
 */
export function latestRelease({ record, releases }: Repository): ReleaseRecord | undefined {
  const named = releases.find(({ id }) => id === record.latest);
  if (named !== undefined && canBeLatest(named)) {
    return named;
  }
  return byDate(releases.filter((release) => canBeLatest(release) && release.latestCandidate));
}

/** Applies a `make_latest` value to a release that may have it. The caller saves record and release. */
export function applyMakeLatest(repository: Repository, release: ReleaseRecord, word: MakeLatest): void {
  const { record } = repository;
  release.latestCandidate = word !== "false";
  if (!canBeLatest(release)) {
    return;
  }
  if (word === "true") {
    record.latest = release.id;
  } else if (word === "false" && record.latest === release.id) {
    record.latest = null;
  } else if (word === "legacy") {
    const others = repository.releases.filter((other) => canBeLatest(other) && other.latestCandidate);
    record.latest = byDate([...others, release])?.id ?? null;
  }
}

function byDate(releases: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return [...releases].sort(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || byVersion(b.tag, a.tag) || b.id - a.id,
  )[0];
}

function byVersion(a: string, b: string): number {
  const [left, right] = [valid(a), valid(b)];
  return left === null || right === null ? 0 : compare(left, right);
}
