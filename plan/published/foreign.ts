import { ReleaseError } from "../../errors/release-error.ts";
import type { ErrorCode } from "../../errors/catalogue/error-code.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";

/**
 * Refuses a release whose names are already in use: the git tag at another commit, a draft or a Release that is not the unit's.
 * @param unit the one that is to be released
 * @throws ReleaseError GIT_TAG_CONFLICT, DRAFT_FOREIGN or RELEASE_CONFLICT, with both sides named
 */
export function refuseForeign(
  project: ProjectPlan,
  { name, spec, version: { version } }: Pick<UnitPlan, "name" | "spec" | "version">,
  gitTag: string,
  published: PublishedUnit,
): void {
  const unitVersion = `${name}@${version}`;
  const refuse = (code: ErrorCode, reason: string, meaning: string, fix: string): never => {
    throw new ReleaseError({
      code,
      step: `planning ${unitVersion}`,
      reason,
      meaning,
      fix,
      rerun: "yes, nothing has happened; it will fail here until this is fixed",
    });
  };
  const { gitTagCommit, release } = published;
  if (gitTagCommit !== undefined && gitTagCommit !== project.revision) {
    refuse(
      "GIT_TAG_CONFLICT",
      `the git tag ${gitTag} of ${project.repository} names the commit ${gitTagCommit}\nthis run is at the commit ${project.revision}`,
      "The version belongs to another commit. Nothing was built, and the tag was not touched.",
      "Check out the tag, or release this commit as the next version.",
    );
  }
  const draft = published.drafts.find((other) => other.owner !== unitVersion);
  if (draft) {
    refuse(
      "DRAFT_FOREIGN",
      `there is a draft for ${gitTag} that ${draft.owner === undefined ? "Lockstep did not make" : `belongs to ${draft.owner}`}: "${draft.title}" by ${draft.author}, ${draft.url}\nthis release is ${unitVersion}`,
      "A person is writing a Release for this tag. Nothing was built, and the draft was not touched.",
      "Take its text over into CHANGELOG.md, then delete the draft or give it another tag.",
    );
  }
  if (release && release.owner !== unitVersion) {
    const chart = spec.chart?.name;
    refuse(
      "RELEASE_CONFLICT",
      `${release.url} ("${release.title}" by ${release.author}) is ${release.owner ?? "not made by Lockstep"}\nthis release is ${unitVersion}`,
      "The tag has a published Release that is not ours. Nothing was built, and the Release was not touched.",
      chart !== undefined && release.owner === `${chart}@${version}`
        ? `Give the other unit that is called \`${chart}\` another \`name\`: then this one is called so again. Or release the next version of the chart.`
        : "Release the next version.",
    );
  }
}
