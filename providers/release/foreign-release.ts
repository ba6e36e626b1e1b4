import type { Release } from "../../clients/github/release/releases.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { readOwner } from "../../formats/release/release-mark.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

/** A draft of a person's under our tag: it is never touched. */
export function foreignDraft(draft: Release, { repository, tag }: ReleaseInputs): ReleaseError {
  return new ReleaseError({
    code: "DRAFT_FOREIGN",
    step: `publishing the Release ${tag} of ${repository}`,
    reason: `there is a draft for ${tag} that Lockstep did not make: "${draft.name ?? ""}" by ${draft.author.login}, ${draft.html_url}`,
    meaning: "A person is writing a Release for this tag. It was not touched.",
    fix: "Delete the draft, or give it another tag, after you have taken over its text (CHANGELOG.md is where the notes come from).",
  });
}

/** A published Release under our tag that is not ours: it is never touched. */
export function foreignRelease(release: Release, { repository, tag, unit, version }: ReleaseInputs): ReleaseError {
  return new ReleaseError({
    code: "RELEASE_CONFLICT",
    step: `publishing the Release ${tag} of ${repository}`,
    reason: `${release.html_url} is ${readOwner(release.body ?? "") ?? "not made by Lockstep"}; this release is ${unit}@${version}`,
    meaning: "The tag has a published Release that is not ours. It was not touched.",
    fix: "Release the next version.",
    rerun: "yes, but it ends here again as long as that Release is there",
  });
}
