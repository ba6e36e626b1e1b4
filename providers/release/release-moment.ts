import { readRelease } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseMoment } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { isOurs } from "./foreign-release.ts";
import type { ReleaseWork } from "./release-work.ts";

/** The Release is not what it was any more: published, removed, or no longer ours. What was found out about it before is worth nothing. */
export class ReleaseChanged extends StepFailure {
  readonly id: number;
  /** What it is now; undefined if it is gone. */
  readonly now: Release | undefined;

  constructor(release: Release, now: Release | undefined, what: string) {
    super({
      code: "RELEASE_CONFLICT",
      reason: `${release.html_url} ${what} while this run worked on it`,
      meaning:
        "Another run, or a person, changed the Release at the same time. This run stopped before it deleted or published anything there.",
      fix: "Find out who else writes there (two runs of one lane at a time?), then run it again.",
    });
    this.name = "ReleaseChanged";
    this.id = release.id;
    this.now = now;
  }
}

/**
 * Reads a Release again, directly before something that must not happen to a changed one: a deletion, or publishing.
 * @param release as it was read before
 * @throws ReleaseChanged if it is gone, was published or turned into a draft meanwhile, or is not ours any more
 */
export async function readAgain({ repository, inputs }: ReleaseWork, release: Release): Promise<ReleaseMoment> {
  const moment = await readRelease(repository, release.id);
  if (moment === undefined) {
    throw new ReleaseChanged(release, undefined, "was deleted");
  }
  if (moment.release.draft !== release.draft) {
    throw new ReleaseChanged(release, moment.release, release.draft ? "was published" : "was turned into a draft");
  }
  if (!isOurs(moment.release, inputs)) {
    throw new ReleaseChanged(release, moment.release, "lost the mark of this version");
  }
  return moment;
}
