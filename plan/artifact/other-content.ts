import type { Artifact, Kind } from "../../config/artifact/artifact-kinds.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import type { ErrorParts } from "../../errors/release-error.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import { differencesOf } from "./artifact-plan.ts";

/** An artifact whose content is compared. */
export interface ComparedArtifact<K extends Kind = Kind> {
  artifact: Artifact<K>;
  /** The version tag. */
  tag: string;
  /** What the workspace has, packed; undefined for a kind that is built in the run. */
  packed: PackedFile | undefined;
  signing: SigningPolicy;
}

/** The refusal of a version that is published with other content. */
export class OtherContent extends ReleaseError {
  /** A line each. */
  readonly differences: readonly string[];
  /** Whether a release of ours published it, and not another tool. */
  readonly isOurs: boolean;

  /** @param said how what is published differs, a line each, and whether it is ours */
  constructor(parts: ErrorParts, { differences, isOurs }: Pick<OtherContent, "differences" | "isOurs">) {
    super(parts);
    this.differences = differences;
    this.isOurs = isOurs;
  }
}

/**
 * Refuses a version that is published with other content. Only for kinds whose content is known before anything is built.
 * @param unitVersion `app@1.2.3`
 * @returns true if it has been compared and is the same; false if nothing is published, or the content is not known
 * @throws OtherContent TAG_CONFLICT that says what differs
 */
export function refuseOtherContent<K extends Kind>(
  { artifact, tag, packed, signing }: ComparedArtifact<K>,
  published: PublishedUnit,
  unitVersion: string,
): boolean {
  const { name, ociRepository } = artifact;
  const recorded = published.release?.owner === unitVersion ? published.release.record?.artifacts[name] : undefined;
  const there = published.artifacts[name] ?? (recorded && published.untagged[recorded.digest]);
  const differences = there && packed && differencesOf(artifact, there, packed);
  if (there === undefined || differences === undefined) {
    return false;
  }
  if (differences.length === 0) {
    return true;
  }
  const isProved = signing === "off" || (published.proofs[there.digest]?.verified.length ?? 0) > 0;
  const parts: ErrorParts = {
    code: "TAG_CONFLICT",
    step: `planning ${unitVersion}`,
    reason: [
      `${ociRepository}:${tag} is published already as ${there.digest}, with other content than ${packed?.path}:`,
      ...differences,
      ...(isProved ? [] : ["no provenance shows that one of your releases published it"]),
    ].join("\n"),
    meaning: "A version is published once. Nothing was built and nothing was overwritten.",
    fix: `Bump the version: change it in ${packed?.versionAt.split(":", 1)[0]}.`,
    rerun: "yes, nothing has happened; it will fail here until the version is bumped",
  };
  // What is not signed has no proof. No other tool writes the commit into a manifest.
  const isOurs = signing === "off" ? there.annotations[labelKeys.revision] !== undefined : isProved;
  throw new OtherContent(parts, { differences, isOurs });
}
