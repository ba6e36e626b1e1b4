import { ReleaseError } from "../../errors/release-error.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import { shortened } from "../../formats/shortened.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { PublishedArtifact } from "../../observe/published/artifact.ts";
import type { PublishedRelease } from "../../observe/published/release.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";

/**
 * What is to be done about one artifact. `build`: nothing is there. `built`: this very stack built it from the same files, so its resources stay
 * as they are. `adopted`: another run made it from the same commit and build inputs.
 */
export type Decision = { how: "build" } | { how: "built" | "adopted"; digest: string };

/** An artifact's part of the question. */
export interface AdoptionQuestion {
  name: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  /** The version tag. */
  tag: string;
  /** Full id of the commit that the unit is released from: HEAD, or where this version was published. */
  revision: string;
  buildInputs: string;
  /** What this stack's last successful run said of the artifact at this version and revision; undefined if there was none. */
  before: { digest: string; how: string; sourceHash: string } | undefined;
  /** sha256 of the files that a builder would be sent now. */
  sourceHash: string;
  /**
   * Set if refuseOtherContent() has found the content to be ours: then no label has to say so. `source` is the address that an unsigned
   * manifest must name. Default: the content is not known.
   */
  compared?: { source: string };
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
}

/**
 * Build or adopt.
 *
 * A signed unit adopts a digest only if attached provenance verifies against the unit's identity and names this commit and these build inputs,
 * or if the signed record of its published Release names it. An unsigned unit adopts it if the record of its Release or draft names it, or if
 * its revision and build-inputs labels match. A label proves nothing, because anyone who can push can write it: that rule is only as strong as
 * the registry's permissions (docs/adoption.md). The stack's state decides only whether the resources stay as they are.
 *
 * The record of a published Release overrules the version tag. That of a draft does not: a draft promises nothing.
 * @throws ReleaseError TAG_CONFLICT, RELEASE_CONFLICT, SIGNATURE_MISSING or DIGEST_GONE, naming both sides
 */
export function decide(question: AdoptionQuestion, published: PublishedUnit, unitVersion: string): Decision {
  const { name, ociRepository, tag, revision, buildInputs, before, sourceHash } = question;
  const found = published.artifacts[name];
  const isPublished = published.release?.owner === unitVersion;
  // A draft's record stands in only as long as nothing is published: what is public says itself what it is made of. If the version tag
  // names another digest, the tag is judged as if that draft had no record.
  const ours = isPublished ? [published.release] : published.drafts.filter((draft) => draft.owner === unitVersion);
  const record = ours
    .flatMap((release) => release?.record ?? [])
    .find(({ artifacts }) => isPublished || found === undefined || artifacts[name]?.digest === found.digest);
  const recorded = record?.artifacts[name];
  const there = found ?? (recorded && published.untagged[recorded.digest]);
  const [lost] = there?.missing ?? [];
  if (lost !== undefined) {
    throw digestGone(question, lost, published.release?.url ?? `${ociRepository}:${tag}`);
  }
  if (isPublished && record === undefined && found === undefined) {
    throw nothingRecorded(question, published.release?.url ?? "", unitVersion);
  }

  if (isPublished && published.release?.record && recorded === undefined) {
    throw notPromised(question, published.release, unitVersion);
  }
  if (recorded && (found || isPublished)) {
    if (found && found.digest !== recorded.digest) {
      throw conflict(found.digest, `our Release says ${recorded.digest}: the tag was moved`);
    }
    if (record?.revision !== revision) {
      throw conflict(recorded.digest, `it was released from commit ${record?.revision}`);
    }
    if (recorded.buildInputs !== buildInputs) {
      throw conflict(recorded.digest, `it was built with ${otherInputs}`);
    }
    if (!found && !published.untagged[recorded.digest]) {
      throw digestGone(question, recorded.digest, published.release?.url ?? "");
    }
    return proved(recorded.digest);
  }
  if (found === undefined) {
    return { how: "build" };
  }
  if (question.signing !== "off") {
    return proved(found.digest);
  }
  const label = {
    revision: found.annotations[labelKeys.revision],
    buildInputs: question.compared ? buildInputs : found.annotations[labelKeys.buildInputs],
    source: found.annotations[labelKeys.source],
  };
  if (label.revision !== revision) {
    throw conflict(
      found.digest,
      label.revision === undefined
        ? "it does not say from which commit it is"
        : `its label says commit ${label.revision}`,
    );
  }
  if (label.buildInputs !== buildInputs) {
    throw conflict(found.digest, `its label says ${otherInputs}`);
  }
  if (question.compared && label.source !== question.compared.source) {
    throw conflict(found.digest, `its label says that it is of ${label.source ?? "no repository"}`);
  }
  return taken(found.digest);

  function proved(digest: string): Decision {
    if (question.signing === "off") {
      return taken(digest);
    }
    const { verified = [], refused = [] } = published.proofs[digest] ?? {};
    if (verified.some((proof) => proof.revision === revision && proof.buildInputs === buildInputs)) {
      return taken(digest);
    }
    // The signed record of the published Release proves as much, whatever has been detached from the digest since. A state proves nothing.
    if (isPublished && published.release?.signed && recorded?.digest === digest) {
      return taken(digest);
    }
    const [other] = verified;
    if (other && other.revision !== revision) {
      throw conflict(digest, `its provenance says commit ${other.revision}`);
    }
    if (other) {
      throw conflict(digest, `its provenance says ${otherInputs}`);
    }
    throw unproved({ ...question, workflow: question.signing.workflow }, digest, found, refused, unitVersion);
  }

  function taken(digest: string): Decision {
    return before?.digest === digest && before.how === "built" && before.sourceHash === sourceHash
      ? { how: "built", digest }
      : { how: "adopted", digest };
  }

  function conflict(digest: string, theirs: string): ReleaseError {
    return new ReleaseError({
      code: "TAG_CONFLICT",
      step: `planning ${unitVersion}`,
      reason: `${ociRepository}:${tag} is ${found ? "there" : "published"} already as ${digest}: ${theirs}\nthis release is of commit ${revision} with ${buildInputs === "" ? "a package that is known only after the push of an image" : `build inputs ${buildInputs.slice(0, 12)}…`}`,
      meaning: "A version is published once. Nothing was built and nothing was overwritten.",
      fix: "Bump the version: tag this commit with the next one.",
      rerun: "yes, but it will fail here until the tag is removed",
    });
  }
}

/** What is published of an artifact that is adopted: under its version tag, or only by its digest if the tag is gone. */
export function adoptedArtifact(published: PublishedUnit, name: string, digest: string): PublishedArtifact | undefined {
  const found = published.artifacts[name];
  return found?.digest === digest ? found : published.untagged[digest];
}

const otherInputs =
  "other build inputs (context, Dockerfile, target, platforms or build arguments; of a chart, its files)";

function unproved(
  { ociRepository, tag, workflow }: AdoptionQuestion & { workflow: string },
  digest: string,
  found: PublishedArtifact | undefined,
  refused: readonly string[],
  unitVersion: string,
): ReleaseError {
  const label = found?.annotations[labelKeys.revision];
  return new ReleaseError({
    code: "SIGNATURE_MISSING",
    step: `planning ${unitVersion}`,
    reason: [
      `${ociRepository}:${tag} is ${found ? "there" : "published"} already as ${digest}, and no provenance by ${workflow} is attached to it`,
      ...(label === undefined ? [] : [`its label says commit ${label}, which proves nothing`]),
      ...(refused.length === 0
        ? ["nothing else is attached to it either"]
        : shortened(refused.map((reason) => `attached, but not accepted: ${reason}`))),
    ].join("\n"),
    meaning:
      "Someone else made this tag, or an unsigned release did. Nothing was built, nothing was signed and nothing was overwritten.",
    fix: "Find out who pushed it. If it is not one of your releases, have the package's owner delete that version; else release the next version.",
    rerun: "yes, but it will fail here until the tag is removed",
  });
}

function nothingRecorded(
  { name, ociRepository, tag }: AdoptionQuestion,
  url: string,
  unitVersion: string,
): ReleaseError {
  return new ReleaseError({
    code: "DIGEST_GONE",
    step: `planning ${unitVersion}`,
    reason: `${url} is published, its record cannot be read, and ${ociRepository}:${tag} is not in the registry`,
    meaning: `Nothing says any more which ${name} was published. Building it again could give other bytes under the same name, so that is not done.`,
    fix: "Restore the package version and lockstep.release.json, or release the next version.",
    rerun: "yes, but it will fail here until one of them is restored",
  });
}

function notPromised(
  { name, ociRepository }: AdoptionQuestion,
  { url, record }: PublishedRelease,
  unitVersion: string,
): ReleaseError {
  const entries = Object.entries(record?.artifacts ?? {});
  const former = entries.find(([, { repository }]) => repository === ociRepository)?.[0];
  return new ReleaseError({
    code: "RELEASE_CONFLICT",
    step: `planning ${unitVersion}`,
    reason: `${url} is published and does not name ${name} (${ociRepository}), which the configuration has now${former === undefined ? "" : `; it is called ${former} there`}`,
    meaning:
      "What a published version is made of does not change any more. Nothing was built and nothing was overwritten.",
    fix:
      former === undefined
        ? "Bump the version, or remove the artifact from the configuration."
        : `Bump the version, or see that it is called \`${former}\` again: by its own \`name\`, or by another one for the image that is called so now.`,
    rerun: "yes, nothing has happened; it will fail here until this is fixed",
  });
}

function digestGone({ name, ociRepository }: AdoptionQuestion, digest: string, url: string): ReleaseError {
  return new ReleaseError({
    code: "DIGEST_GONE",
    step: `looking for the published ${name}`,
    reason: `${url} promises ${ociRepository}@${digest}, and the registry does not have it`,
    meaning:
      "A published artifact was deleted. Building it again could give other bytes under the same name, so that is not done.",
    fix: "Restore it (GitHub keeps deleted package versions for 30 days: Package settings, or `POST …/versions/ID/restore`), or release the next version.",
    rerun: "yes, but it will fail here until the artifact is restored",
  });
}
