import { ReleaseError } from "../errors/release-error.ts";
import { labelKeys } from "../formats/labels.ts";
import type { PublishedUnit } from "../observe/published/unit.ts";

/** What is to be done about one artifact. */
export type Decision =
  /** Nothing is there: build, push, tag. */
  | { how: "build" }
  /** It is there and was built by this very stack: its resources stay as they are. */
  | { how: "built"; digest: string }
  /** It is there and was made by somebody who had our commit and our build inputs: take it. */
  | { how: "adopted"; digest: string };

/** An artifact's part of the question. */
export interface AdoptionQuestion {
  name: string;
  /** With its registry, without a tag. */
  repository: string;
  /** The version tag. */
  tag: string;
  /** Full commit id. */
  revision: string;
  buildInputs: string;
  /** What this stack's last successful run said of the artifact at this version and revision; undefined where there is none. */
  before: { digest: string; how: string } | undefined;
}

/**
 * Build or adopt, for a unit that is not signed: a digest under the version tag is taken when a Release or draft of ours names it in its
 * record, or when its revision and build-inputs labels are ours. A label proves nothing (anybody who may push may write it), so this rule
 * is as strong as the registry's permissions (docs/adoption.md).
 * @throws ReleaseError TAG_CONFLICT or DIGEST_GONE, naming both sides
 */
export function decide(question: AdoptionQuestion, published: PublishedUnit, owner: string): Decision {
  const { name, repository, tag, revision, buildInputs, before } = question;
  const found = published.artifacts[name];
  const ours = [published.release, ...published.drafts].filter((release) => release?.owner === owner);
  const record = ours.find((release) => release?.record !== undefined)?.record;
  const recorded = record?.artifacts[name];
  const isPublished = published.release?.owner === owner;

  if (found === undefined) {
    if (!isPublished || recorded === undefined) return { how: "build" };
    if (!published.untagged.includes(recorded.digest)) throw digestGone(question, recorded.digest, published.release?.url ?? "");
    return taken(recorded.digest, before);
  }
  if (recorded) {
    const sides = { digest: recorded.digest, revision: record?.revision ?? "", buildInputs: recorded.buildInputs };
    if (found.digest !== sides.digest) throw conflict(question, found.digest, `our Release says ${sides.digest}: the tag was moved`);
    if (sides.revision !== revision) throw conflict(question, found.digest, `it was released from commit ${sides.revision}`);
    if (sides.buildInputs !== buildInputs) throw conflict(question, found.digest, "it was built with other build inputs (context, Dockerfile, target, platforms or build arguments)");
    return taken(found.digest, before);
  }
  const label = { revision: found.annotations[labelKeys.revision], buildInputs: found.annotations[labelKeys.buildInputs] };
  if (label.revision !== revision) {
    throw conflict(question, found.digest, label.revision === undefined ? "it does not say from which commit it is" : `its label says commit ${label.revision}`);
  }
  if (label.buildInputs !== buildInputs) {
    throw conflict(question, found.digest, "its label says other build inputs (context, Dockerfile, target, platforms or build arguments)");
  }
  return taken(found.digest, before);

  function taken(digest: string, last: AdoptionQuestion["before"]): Decision {
    return last?.digest === digest && last.how === "built" ? { how: "built", digest } : { how: "adopted", digest };
  }

  function conflict(_: AdoptionQuestion, digest: string, theirs: string): ReleaseError {
    return new ReleaseError({
      code: "TAG_CONFLICT",
      step: `planning ${owner}`,
      reason: `${repository}:${tag} is there already as ${digest}: ${theirs}\nthis run is at commit ${revision} with build inputs ${buildInputs.slice(0, 12)}…`,
      meaning: "A version is published once. Nothing was built and nothing was overwritten.",
      fix: "Bump the version: tag this commit with the next one.",
      rerun: "yes, but it ends here again as long as the tag is there",
    });
  }
}

function digestGone({ name, repository }: AdoptionQuestion, digest: string, url: string): ReleaseError {
  return new ReleaseError({
    code: "DIGEST_GONE",
    step: `looking for the published ${name}`,
    reason: `${url} promises ${repository}@${digest}, and the registry does not have it`,
    meaning: "A published artifact was deleted. Building it again could give other bytes under the same name, so that is not done.",
    fix: "Restore it (GitHub keeps deleted package versions for 30 days: Package settings, or `POST …/versions/ID/restore`), or release the next version.",
    rerun: "yes, but it ends here again as long as the artifact is missing",
  });
}
