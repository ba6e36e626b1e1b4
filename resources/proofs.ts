import type * as pulumi from "@pulumi/pulumi";
import { provenance, provenancePredicate } from "../formats/statement.ts";
import type { ArtifactPlan, ReleasePlan } from "../plan/release.ts";
import { Attestation } from "./attestation.ts";
import type { Artifact } from "./artifact.ts";
import { Signature } from "./signature.ts";

/**
 * What must be attached to an artifact before any version tag names it: a signature on its digest and on each manifest below it, and
 * provenance on its digest. Nothing, for a unit that is not signed.
 * @param options of each resource; they depend on every artifact of the unit, so that nothing is signed when a push was refused
 */
export function proofs(
  artifact: ArtifactPlan & Artifact,
  { version, signing, sigstore, revision, source }: ReleasePlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (signing === "off") return [];
  const { name, repository, digest, children = [], buildInputs, parameters } = artifact;
  const common = { repository, identity: signing, sigstore };
  return [
    new Signature(`signature/${name}@${version}`, { ...common, digest }, options),
    ...children.map(
      ({ platform, digest: child }) =>
        new Signature(
          `signature/${name}@${version}/${platform.replaceAll("/", "-")}`,
          { ...common, digest: child },
          options,
        ),
    ),
    new Attestation(
      `provenance/${name}@${version}`,
      {
        ...common,
        digest,
        predicateType: provenancePredicate,
        predicate: provenance({ revision, buildInputs }, `https://github.com/${signing.workflow}`, source, parameters),
      },
      options,
    ),
  ];
}
