import { gitHub } from "../../clients/github/github.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { replaceNotes } from "../../formats/release/release-mark.ts";
import { isOurs, makeForeignReleaseError } from "./foreign-release.ts";
import { syncAssets } from "./release-assets.ts";
import { describeMistakes, lookAtEverything, needsAssets } from "./release-check.ts";
import { syncBundles } from "./release-bundles.ts";
import { fillNotes } from "./release-content.ts";
import { nameOwner } from "./release-inputs.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { findRightfulLatest, isLatestRight, lookAtReleases, markAsLatest } from "./latest-release.ts";
import type { ShownReleases } from "./latest-release.ts";
import { hasNotes } from "./release-observation.ts";
import type { ReleaseWork } from "./release-work.ts";

/** The most looks at a published Release: one that finds nothing wrong ends the repair. */
const mostLooks = 5;

/** A published Release that is as promised, and the list of all Releases that was read with the last look at it. */
export interface WholeRelease {
  release: Release;
  releases: readonly Release[];
}

/**
 * Makes sure that a published Release is as promised: looks at all of it side by side, restores what is missing, as far as that removes
 * nothing, and looks again until nothing is wrong. So the last look comes after the last write, also after publishing.
 * @param listed all Releases of the repository, if they were read a moment ago
 * @throws StepFailure RELEASE_CONFLICT if it is not ours, or if something is wrong that cannot be repaired here, such as a moved tag
 * @throws ReleaseError ASSET_CONFLICT if an asset has other bytes
 */
export async function repair(
  work: ReleaseWork,
  published: Release,
  listed: readonly Release[] | undefined,
): Promise<WholeRelease> {
  const { inputs, progress } = work;
  let release = published;
  const marked = [release.id];
  if (!isOurs(release, inputs)) {
    throw makeForeignReleaseError(release, inputs);
  }
  for (let look = 1; ; look++) {
    const [now, shown] = await Promise.all([
      lookAtEverything(work, release),
      lookAtReleases(work, look === 1 ? listed : undefined),
    ]);
    release = now.release;
    const { mistakes } = now;
    const wrong = describeMistakes(mistakes);
    const changes = findChanges(inputs, release);
    const isWhole = !needsAssets(mistakes);
    const isRight = Object.keys(changes).length === 0 && isLatestRight(inputs, shown, marked);
    if (look < mostLooks && !isWhole) {
      await syncAssets(work, release);
      await syncBundles(work, release);
    } else if (look < mostLooks && !isRight) {
      // At once after the look that allows it: an upload in between would make that look minutes old.
      release = await update(work, release, changes, shown, marked);
    } else if (wrong.length > 0) {
      throw makeBrokenPromiseError(release, wrong);
    } else {
      if (!isRight) {
        progress.warn(`after ${mostLooks} looks, GitHub still shows other notes or another "Latest" than it was given`);
      }
      return { release, releases: shown.releases };
    }
  }
}

/** Fields of a Release to write. Empty if none differs. */
interface Changes {
  body?: string;
  prerelease?: boolean;
}

function findChanges(inputs: ReleaseInputs, release: Release): Changes {
  const body = release.body ?? "";
  return {
    ...(hasNotes(release, inputs) ? {} : { body: replaceNotes(body, nameOwner(inputs), fillNotes(inputs)) }),
    ...(release.prerelease === inputs.prerelease ? {} : { prerelease: inputs.prerelease }),
  };
}

/**
 * Writes notes and marks that differ. "Latest" goes to this version, or to a higher one that it was taken from.
 * @param marked ids of this version's Release and of those that this run gave the mark to: another one is added
 */
async function update(
  { repository, inputs }: ReleaseWork,
  release: Release,
  changes: Changes,
  shown: ShownReleases,
  marked: number[],
): Promise<Release> {
  const rightful = findRightfulLatest(inputs, shown);
  const misplaced = !isLatestRight(inputs, shown, marked);
  if (misplaced && rightful !== undefined && rightful !== "own") {
    marked.push(rightful.id);
    await markAsLatest(repository, rightful.id);
  }
  const latest = misplaced && rightful === "own" ? ({ make_latest: "true" } as const) : {};
  const fields = { ...changes, ...latest };
  if (Object.keys(fields).length === 0) {
    return release;
  }
  return (await gitHub().rest.repos.updateRelease({ ...repository, release_id: release.id, ...fields })).data;
}

function makeBrokenPromiseError({ html_url: url }: Release, wrong: readonly string[]): StepFailure {
  return new StepFailure({
    code: "RELEASE_CONFLICT",
    reason: wrong.join("\n"),
    meaning: `The Release is public (${url}), and this is not as it promises: something changed while it was published, or later.`,
    fix: "Find out who else writes there, then run it again: it restores what is missing. If a tag was moved, nothing moves it back: release the next version.",
  });
}
