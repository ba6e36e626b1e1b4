import { runStep } from "../../errors/explain-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { readArtifact } from "./artifact.ts";
import { findProofs } from "./proofs.ts";

/** Who published a version: `none` if its tag does not exist, `others` if nothing proves that it was a release of the project. */
export type Origin = "none" | "ours" | "others" | { unreadable: string };

/** The version of an artifact whose origin is asked for. */
export interface OriginQuestion {
  /** `owner/name` that releases. */
  repository: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  /** The version tag. */
  tag: string;
  signing: SigningPolicy;
  sigstore: SigstoreFiles;
}

/**
 * Finds out who published a version: whether provenance of the expected identity is attached to it. A version that is not signed has no proof;
 * there the commit counts that every release writes into the manifest, and no other tool for charts does. Reads the registry only.
 * @returns the registry's words if this login may not read the repository: GHCR answers the same for one that does not exist
 * @throws ReleaseError
 */
export function observeOrigin({ repository, ociRepository, tag, signing, sigstore }: OriginQuestion): Promise<Origin> {
  return runStep(`finding out who published ${ociRepository}:${tag}`, async () => {
    try {
      const found = await readArtifact(ociRepository, tag);
      if (found === undefined) {
        return "none";
      }
      if (signing === "off") {
        return found.annotations[labelKeys.revision] === undefined ? "others" : "ours";
      }
      const question = { repository, identity: signing, sigstore, wanted: undefined };
      const { verified } = await findProofs(ociRepository, found.digest, question);
      return verified.length > 0 ? "ours" : "others";
    } catch (error) {
      if (error instanceof ServerRefusal && error.denied) {
        return { unreadable: error.words };
      }
      throw error;
    }
  });
}
