import { gitHub } from "../../clients/github/github.ts";
import { allReleases } from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { replaceNotes } from "../../formats/release/release-mark.ts";
import { isOurs, makeForeignReleaseError } from "./foreign-release.ts";
import { syncAssets } from "./release-assets.ts";
import { describeMistakes, findMistakes } from "./release-check.ts";
import type { Mistakes } from "./release-check.ts";
import { syncBundles } from "./release-bundles.ts";
import { fillNotes, isLatest } from "./release-content.ts";
import { nameOwner } from "./release-inputs.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import { findLatestId } from "./latest-release.ts";
import { hasNotes } from "./release-observation.ts";
import type { ReleaseWork } from "./release-work.ts";

/** The most looks at a published Release: one that finds nothing wrong ends the repair. */
const mostLooks = 3;

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
  let release = published;
  for (let look = 1; ; look++) {
    if (!isOurs(release, work.inputs)) {
      throw makeForeignReleaseError(release, work.inputs);
    }
    const [mistakes, releases, latestId] = await Promise.all([
      findMistakes(work, release),
      look === 1 && listed ? listed : allReleases(work.repository),
      findLatestId(work.repository),
    ]);
    const changes = findChanges(work.inputs, release, isLatest(work.inputs, releases) && latestId !== release.id);
    const wrong = describeMistakes(mistakes);
    const repairable = mistakes.assets.length + mistakes.signatures.length + Object.keys(changes).length > 0;
    if (repairable && look < mostLooks) {
      release = await restore(work, release, mistakes, changes);
    } else if (wrong.length > 0) {
      throw makeBrokenPromiseError(release, wrong);
    } else {
      if (repairable) {
        work.progress.warn(
          `${release.html_url} is changed again and again (${Object.keys(changes).join(", ")}); left alone`,
        );
      }
      return { release, releases };
    }
  }
}

/** Fields of a Release to write. Empty if none differs. */
interface Changes {
  body?: string;
  prerelease?: boolean;
  make_latest?: "true";
}

function findChanges(inputs: ReleaseInputs, release: Release, latest: boolean): Changes {
  const body = release.body ?? "";
  return {
    ...(hasNotes(release, inputs) ? {} : { body: replaceNotes(body, nameOwner(inputs), fillNotes(inputs)) }),
    ...(release.prerelease === inputs.prerelease ? {} : { prerelease: inputs.prerelease }),
    ...(latest ? { make_latest: "true" as const } : {}),
  };
}

/** Writes what is missing or differs. It is all looked at again, so nothing is checked here. */
async function restore(work: ReleaseWork, release: Release, mistakes: Mistakes, changes: Changes): Promise<Release> {
  const { repository } = work;
  if (mistakes.assets.length > 0) {
    await syncAssets(work, release);
  }
  if (mistakes.signatures.length > 0) {
    await syncBundles(work, release);
  }
  if (Object.keys(changes).length === 0) {
    return release;
  }
  return (await gitHub().rest.repos.updateRelease({ ...repository, release_id: release.id, ...changes })).data;
}

function makeBrokenPromiseError({ html_url: url }: Release, wrong: readonly string[]): StepFailure {
  return new StepFailure({
    code: "RELEASE_CONFLICT",
    reason: wrong.join("\n"),
    meaning: `The Release is public (${url}), and this is not as it promises: something changed while it was published, or later.`,
    fix: "Find out who else writes there, then run it again: it restores what is missing. If a tag was moved, nothing moves it back: release the next version.",
  });
}
