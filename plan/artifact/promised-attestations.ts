import { isDeepStrictEqual } from "node:util";
import { ReleaseError } from "../../errors/release-error.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { provenancePredicate, spdxPredicate } from "../../formats/signing/statement.ts";
import type { SbomFile } from "../../observe/source/artifact/sbom.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";

/** An artifact's part of the question. */
export interface AttestedArtifact {
  name: string;
  signing: SigningPolicy;
  sbom: SbomFile | undefined;
}

/**
 * Which predicate types the record says are attached to an artifact beside its signature.
 * @returns undefined where the record says nothing of it: for a unit that is not signed, and for a version that was published when records
 * did not say it, because what is published does not change by a byte
 * @throws ReleaseError RELEASE_CONFLICT where the published record promises others than the configuration asks for
 */
export function promisedAttestations(
  { name, signing, sbom }: AttestedArtifact,
  published: PublishedUnit,
  unitVersion: string,
): readonly string[] | undefined {
  if (signing === "off") {
    return undefined;
  }
  const wanted = [provenancePredicate, ...(sbom === undefined ? [] : [spdxPredicate])];
  const { owner: publisher, record, url = "" } = published.release ?? {};
  const recorded = publisher === unitVersion ? record?.artifacts[name] : undefined;
  if (record === undefined || recorded === undefined) {
    return wanted;
  }
  const promised = recorded.attestations ?? (record.policy.signing === "off" ? [] : [provenancePredicate]);
  if (isDeepStrictEqual(promised.toSorted(), wanted.toSorted())) {
    return recorded.attestations;
  }
  throw new ReleaseError({
    code: "RELEASE_CONFLICT",
    step: `planning ${unitVersion}`,
    reason: `${url} is published, and its record promises for ${name}: ${promised.join(", ") || "no attestation"}\nthe configuration asks for: ${wanted.join(", ")}`,
    meaning:
      "What a published version promises does not change any more. Nothing was attached and nothing was overwritten.",
    fix: `Release the next version with the other \`sbom\`, or configure ${name} for this version as it was.`,
    rerun: "yes, nothing has happened; it will fail here until this is fixed",
  });
}
