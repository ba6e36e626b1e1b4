import type * as pulumi from "@pulumi/pulumi";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import { provenance, provenancePredicate, spdxPredicate } from "../../formats/signing/statement.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import type { DeclaredArtifact } from "./artifact.ts";
import { Attestation } from "./attestation.ts";
import { Signature } from "./signature.ts";

/**
 * What must be attached to an artifact before any version tag names it: a signature on its digest and on each manifest below it, and
 * provenance and SBOM on its digest. Nothing, for a unit that is not signed.
 * @param options of each resource; they depend on every artifact of the unit, so that nothing is signed when a push was refused
 */
export function proofs(
  artifact: DeclaredArtifact,
  release: ReleasePlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { version, signing, sigstore } = release;
  if (signing === "off") {
    return [];
  }
  const { name, ociRepository, digest, children = [], sbom } = artifact;
  const common = { repository: ociRepository, identity: signing, sigstore };
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
        predicate: provenanceOf(artifact, release, signing),
      },
      options,
    ),
    ...(sbom === undefined
      ? []
      : [
          new Attestation(
            `sbom/${name}@${version}`,
            {
              ...common,
              digest,
              predicateType: spdxPredicate,
              predicateFile: { path: sbom.path, sha256: sbom.sha256 },
            },
            options,
          ),
        ]),
  ];
}

/** What the release says of an artifact's build: the predicate of its provenance. */
export function provenanceOf(
  { buildInputs, parameters }: Pick<DeclaredArtifact, "buildInputs" | "parameters">,
  { revision, source }: ReleasePlan,
  { workflow }: SigningIdentity,
): object {
  return provenance({ revision, buildInputs }, `https://github.com/${workflow}`, source, parameters);
}
