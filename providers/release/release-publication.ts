import { gitHub } from "../../clients/github/github.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { replaceNotes } from "../../formats/release/release-mark.ts";
import { requireEverything } from "./release-check.ts";
import { findRightfulLatest, lookAtReleases } from "./latest-release.ts";
import { fillNotes } from "./release-content.ts";
import { nameOwner } from "./release-inputs.ts";
import type { ReleaseWork } from "./release-work.ts";

/**
 * Publishes a draft that has all its assets: reads which Releases there are, which decides about "Latest", then checks everything once more,
 * and publishes at once.
 * @throws StepFailure RELEASE_CONFLICT if something is not as promised, or is not our draft any more
 */
export async function publish(work: ReleaseWork, draft: Release): Promise<Release> {
  const { repository, inputs, progress } = work;
  progress.at("comparing the assets, and every tag");
  const rightful = findRightfulLatest(inputs, await lookAtReleases(repository));
  // Nothing may come between this check and the write: whatever does makes the check older.
  const { body } = await requireEverything(work, draft);
  const { data } = await gitHub().rest.repos.updateRelease({
    ...repository,
    release_id: draft.id,
    tag_name: inputs.tag,
    name: inputs.title,
    body: replaceNotes(body ?? undefined, nameOwner(inputs), fillNotes(inputs)),
    prerelease: inputs.prerelease,
    make_latest: rightful === "own" ? "true" : "false",
    draft: false,
  });
  progress.done(`published: ${data.html_url}`);
  return data;
}
