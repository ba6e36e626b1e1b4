import * as pulumi from "@pulumi/pulumi";
import { provenancePredicate } from "../../formats/signing/statement.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import type { DeclaredArtifact } from "../artifact/artifact.ts";
import { GitHubAttestation } from "../artifact/github-attestation.ts";
import { provenanceOf } from "../artifact/proofs.ts";

/** What is posted to GitHub, and what could not be. */
export interface PostedAttestations {
  resources: pulumi.Resource[];
  /** A line for each that GitHub refused: the summary says that `gh` will not find it there. */
  leftOut: pulumi.Output<string[]>;
}

/**
 * Posts the provenance of each artifact's digest to GitHub's attestations API. Nothing, for a unit that is not signed, and where the
 * configuration says `githubAttestations: off`.
 * @param options of each resource; what they depend on is what has to be there before anything is posted
 */
export function postedAttestations(
  artifacts: readonly DeclaredArtifact[],
  release: ReleasePlan,
  options: pulumi.CustomResourceOptions,
): PostedAttestations {
  const { version, repository, gitTag: tag, signing: identity, sigstore } = release;
  if (identity === "off" || release.githubAttestations === "off") {
    return { resources: [], leftOut: pulumi.output([]) };
  }
  const posted = artifacts.map((artifact) => {
    const { name, ociRepository: image, digest } = artifact;
    const predicate = provenanceOf(artifact, release, identity);
    const common = {
      repository,
      tag,
      image,
      digest,
      identity,
      sigstore,
      predicateType: provenancePredicate,
      predicate,
    };
    return { name, resource: new GitHubAttestation(`github-attestation/${name}@${version}`, common, options) };
  });
  const lines = posted.map(({ name, resource }) =>
    resource.why.apply((why) => (why ? [`${name} at GitHub's attestations API: ${why}`] : [])),
  );
  return { resources: posted.map(({ resource }) => resource), leftOut: pulumi.all(lines).apply((all) => all.flat()) };
}
