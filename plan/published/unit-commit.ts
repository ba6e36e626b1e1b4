import { ReleaseError } from "../../errors/release-error.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { PublishedArtifact } from "../../observe/published/artifact.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import { buildInputsOf, dependsOnCommit } from "../artifact/artifact-plan.ts";
import type { Ancestry, Descent } from "./ancestry.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";

/** A unit with what is published under its version. */
export interface PublishedVersion {
  project: Pick<ProjectPlan, "revision" | "commitTime">;
  unit: Pick<UnitPlan, "name" | "spec" | "version">;
  published: PublishedUnit;
  /** Of each artifact, by name. */
  sourceHashes: Readonly<Record<string, string>>;
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
}

/** The commit that a unit is released from. */
export interface UnitCommit {
  /** Full id. */
  revision: string;
  /** Seconds since 1970. */
  commitTime: number;
}

/**
 * Whether a unit may have been published at an earlier commit: it has artifacts, and none of them depends on the commit.
 */
export function mayBeEarlier({ spec }: Pick<UnitPlan, "spec">): boolean {
  return spec.artifacts.length > 0 && !spec.artifacts.some(dependsOnCommit);
}

/** What must be known of commits before a unit can be planned: unitCommit() and isRecordSigned() ask it. */
export function unitDescents(version: PublishedVersion): Descent[] {
  if (!mayBeEarlier(version.unit)) {
    return [];
  }
  const { revision } = version.project;
  const commit = publishedCommit(version);
  const signed = signedLater(version);
  return [
    ...(commit === undefined || commit === revision ? [] : [{ commit, of: revision }]),
    ...(signed === undefined ? [] : [signed]),
  ];
}

/**
 * The commit that a unit is released from: where its version was published, or HEAD. Only a unit that may be earlier can have another one
 * than HEAD. Where it was published is what decide() proves afterwards.
 * @throws ReleaseError TAG_CONFLICT if the commit is not HEAD or an ancestor of it
 */
export function unitCommit(version: PublishedVersion, ancestry: Ancestry): UnitCommit {
  const { revision, commitTime } = version.project;
  const commit = mayBeEarlier(version.unit) ? publishedCommit(version) : undefined;
  if (commit === undefined || commit === revision) {
    return { revision, commitTime };
  }
  const time = ancestry.timeOf({ commit, of: revision });
  if (time === undefined) {
    throw notAncestor(version, commit);
  }
  return { revision: commit, commitTime: time };
}

/**
 * Whether the record of the published Release is signed by the unit's identity. A run at a later commit may have completed the release of an
 * earlier one, so that for a unit that may be earlier the signing commit may also be a descendant of the recorded one.
 */
export function isRecordSigned(version: PublishedVersion, ancestry: Ancestry): boolean {
  const later = mayBeEarlier(version.unit) ? signedLater(version) : undefined;
  return version.published.release?.signed === true || (later !== undefined && ancestry.timeOf(later) !== undefined);
}

function signedLater({ published: { release } }: PublishedVersion): Descent | undefined {
  const { record, signedAt } = release ?? {};
  return record === undefined || signedAt === undefined ? undefined : { commit: record.revision, of: signedAt };
}

/** The record of the published Release knows best; before there is one, what a version tag names. */
function publishedCommit(version: PublishedVersion): string | undefined {
  const { published, unit } = version;
  if (published.release?.record && published.release.owner === ownerOf(version)) {
    return published.release.record.revision;
  }
  const commits = unit.spec.artifacts.map((artifact) => {
    const found = published.artifacts[artifact.name];
    const buildInputs = buildInputsOf(artifact, version.sourceHashes[artifact.name] ?? "");
    return found && artifactCommit(version, artifact.name, found, buildInputs);
  });
  return commits.find((commit) => commit !== undefined);
}

function artifactCommit(
  { published, signing, ...version }: PublishedVersion,
  name: string,
  { digest, annotations }: PublishedArtifact,
  buildInputs: string,
): string | undefined {
  const label = annotations[labelKeys.revision];
  if (signing === "off") {
    const owner = ownerOf(version);
    const draft = published.drafts.find((one) => one.owner === owner && one.record?.artifacts[name]?.digest === digest);
    return draft?.record?.revision ?? label;
  }
  const { verified = [] } = published.proofs[digest] ?? {};
  const commits = verified.filter((proof) => proof.buildInputs === buildInputs).map(({ revision }) => revision);
  // Of several, the one that the manifest itself names: the digest covers it.
  return commits.find((commit) => commit === label) ?? commits[0];
}

function ownerOf({ unit }: Pick<PublishedVersion, "unit">): string {
  return `${unit.name}@${unit.version.version}`;
}

function notAncestor(version: PublishedVersion, commit: string): ReleaseError {
  const unitVersion = ownerOf(version);
  return new ReleaseError({
    code: "TAG_CONFLICT",
    step: `planning ${unitVersion}`,
    reason: `${unitVersion} was released from the commit ${commit}\nthat is neither the commit of this run, ${version.project.revision}, nor an ancestor of it that git or GitHub knows`,
    meaning:
      "The content is the same, but it was released on another line of commits. Nothing was built and nothing was overwritten.",
    fix: "Release from a branch that contains that commit, or bump the version.",
    rerun: "yes, nothing has happened; it will fail here until this is fixed",
  });
}
