import type { Release } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { readOwner } from "../../formats/release/release-mark.ts";
import { nameOwner } from "./release-inputs.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

/** Whether Lockstep made a Release for this unit and version: its mark names both. */
export function isOurs(release: Pick<Release, "body">, inputs: ReleaseInputs): boolean {
  return readOwner(release.body ?? "") === nameOwner(inputs);
}

/** A person's draft under the unit's tag: it is never touched. */
export function makeForeignDraftError(draft: Release, { tag }: ReleaseInputs): StepFailure {
  return new StepFailure({
    code: "DRAFT_FOREIGN",
    reason: `there is a draft for ${tag} that Lockstep did not make: "${draft.name ?? ""}" by ${draft.author.login}, ${draft.html_url}`,
    meaning: "A person is writing a Release for this tag. It was not touched.",
    fix: "Copy its text into CHANGELOG.md, where the notes come from. Then delete the draft, or give it another tag.",
  });
}

/** A published Release under the unit's tag that Lockstep did not make for it: it is never touched. */
export function makeForeignReleaseError(release: Release, { unit, version }: ReleaseInputs): StepFailure {
  return new StepFailure({
    code: "RELEASE_CONFLICT",
    reason: `${release.html_url} is ${readOwner(release.body ?? "") ?? "not made by Lockstep"}; this release is ${unit}@${version}`,
    meaning: "The tag has a published Release that is not ours. It was not touched.",
    fix: "Release the next version.",
    rerun: "yes, but it will fail here as long as that Release exists",
  });
}
