import { gitHub } from "../../clients/github/github.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { replaceNotes } from "../../formats/release/release-mark.ts";
import { describeMistakes, lookLast, needsAssets } from "./release-check.ts";
import { decidesLatest, findRightfulLatest, lookAtReleases } from "./latest-release.ts";
import { fillNotes } from "./release-content.ts";
import { nameOwner } from "./release-inputs.ts";
import type { ReleaseWork } from "./release-work.ts";

/**
 * Publishes a draft that has all its assets: reads which Releases there are, which decides about "Latest", then checks everything once more,
 * and publishes at once.
 * @param isLastTry whether missing assets are an error
 * @returns undefined if assets or signatures must be attached again: another run, or a person, removed them
 * @throws StepFailure RELEASE_CONFLICT if something is not as promised
 * @throws ReleaseChanged if it is not our draft any more
 */
export async function publish(work: ReleaseWork, draft: Release, isLastTry: boolean): Promise<Release | undefined> {
  const { repository, inputs, progress } = work;
  progress.at("comparing the assets, and every tag");
  const rightful = decidesLatest(inputs) ? findRightfulLatest(inputs, await lookAtReleases(work)) : undefined;
  // Nothing may come between this check and the write: whatever does makes the check older.
  const { release, mistakes } = await lookLast(work, draft);
  const wrong = describeMistakes(mistakes);
  if (mistakes.tags.length === 0 && needsAssets(mistakes) && !isLastTry) {
    progress.done(`${wrong.join("; ")}: someone else removed it; attaching it again`);
    return undefined;
  }
  if (wrong.length > 0) {
    throw makeBrokenPromiseError(wrong);
  }
  const { data } = await gitHub().rest.repos.updateRelease({
    ...repository,
    release_id: draft.id,
    tag_name: inputs.tag,
    name: inputs.title,
    body: replaceNotes(release.body ?? undefined, nameOwner(inputs), fillNotes(inputs)),
    prerelease: inputs.prerelease,
    make_latest: rightful === "own" ? "true" : "false",
    draft: false,
  });
  progress.done(`published: ${data.html_url}`);
  return data;
}

function makeBrokenPromiseError(wrong: readonly string[]): StepFailure {
  return new StepFailure({
    code: "RELEASE_CONFLICT",
    reason: wrong.join("\n"),
    meaning: "Something changed while the release ran. The Release is still a draft, which only maintainers see.",
    fix: "Find out who else writes there (two runs of one lane at a time?), then run it again.",
  });
}
