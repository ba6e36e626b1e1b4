import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { planText } from "../../plan/release/plan-text.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { artifactKinds } from "../artifact/artifact-graphs.ts";
import type { ArtifactKind } from "../artifact/artifact.ts";
import { GitHubRelease } from "./github-release.ts";
import { GitTag } from "./git-tag.ts";
import { OciTag } from "../artifact/oci-tag.ts";
import { postedAttestations } from "./posted-attestations.ts";
import { proofs } from "../artifact/proofs.ts";

/** What a unit exports. The next run reads it back, and so does the summary of this one. */
export interface ReleasedUnit {
  version: string;
  revision: string;
  gitTag: string;
  /** `owner/name` on GitHub. */
  repository: string;
  /** Host of the registry whose packages GitHub's API knows. */
  packageRegistry: string;
  artifacts: Record<
    string,
    { digest: pulumi.Input<string>; how: string; reference: pulumi.Input<string>; sourceHash: string; sbom: boolean }
  >;
  /** Names of the attached files, without those that Lockstep makes. */
  assets: string[];
  release: pulumi.Input<string>;
  signing: SigningPolicy;
  /** Trusted root of a Sigstore of one's own, relative to the folder of Pulumi.yaml. */
  trustedRoot?: string;
  leftOut: pulumi.Input<string[]>;
}

/**
 * One unit, from its artifacts to its public Release. Every edge that keeps a push before a release is here:
 *
 * artifacts (by digest) → signatures and provenance → version tags, after ALL of both → git tag, after all version tags → GitHub Release, after the git tag.
 * Provenance that is posted to GitHub comes between the version tags and the Release, beside the git tag.
 */
export class ReleaseTrain extends pulumi.ComponentResource {
  readonly released: ReleasedUnit;

  /**
   * @param plan what to release; its version is part of every resource's name, so that a new version is only ever created
   * @param kinds how artifacts are made, by kind
   */
  constructor(plan: ReleasePlan, kinds: Readonly<Record<string, ArtifactKind>> = artifactKinds) {
    super("lockstep:release:ReleaseTrain", plan.owner, {}, { retainOnDelete: true });
    const { version, owner } = plan;
    const options = { parent: this };

    const artifacts = plan.artifacts.map((artifact) => {
      const kind = kinds[artifact.kind];
      if (kind === undefined) {
        throw new pulumi.RunError(`there is no artifact kind \`${artifact.kind}\``);
      }
      return { ...artifact, ...kind(artifact, plan, options) };
    });
    const everyArtifact = artifacts.flatMap(({ resources }) => resources);
    const everyProof = artifacts.flatMap((artifact) =>
      proofs(artifact, plan, { ...options, dependsOn: everyArtifact }),
    );
    const beforeTags = [...everyArtifact, ...everyProof];

    const versionTags = artifacts.map(
      ({ name, repository, tag, digest }) =>
        new OciTag(`tag/${name}@${version}`, { repository, tag, digest }, { ...options, dependsOn: beforeTags }),
    );
    const gitTag = new GitTag(
      `git-tag/${owner}`,
      { repository: plan.repository, tag: plan.gitTag, commit: plan.revision, message: `${plan.unit} ${version}` },
      { ...options, dependsOn: [...beforeTags, ...versionTags] },
    );
    const posted = postedAttestations(artifacts, plan, { ...options, dependsOn: versionTags });
    const release = new GitHubRelease(
      `release/${owner}`,
      {
        repository: plan.repository,
        unit: plan.unit,
        version,
        tag: plan.gitTag,
        tagPattern: plan.tagPattern,
        revision: plan.revision,
        title: plan.title,
        notes: plan.notes,
        prerelease: plan.prerelease,
        latest: plan.latest,
        assets: plan.assets.map(({ name, path, sha256, size }) => ({ name, path, sha256, size })),
        artifacts: Object.fromEntries(
          artifacts.map(({ name, kind, repository, tag, digest, buildInputs, attestations }) => [
            name,
            { kind, repository, tag, digest, buildInputs, ...(attestations && { attestations: [...attestations] }) },
          ]),
        ),
        signing: plan.signing,
        ...(isDeepStrictEqual(plan.recordedSigning, plan.signing) ? {} : { recordedSigning: plan.recordedSigning }),
        sigstore: plan.sigstore,
      },
      { ...options, dependsOn: [...versionTags, gitTag, ...posted.resources] },
    );

    this.released = {
      version,
      revision: plan.revision,
      gitTag: plan.gitTag,
      repository: plan.repository,
      packageRegistry: plan.packageRegistry,
      artifacts: Object.fromEntries(
        artifacts.map(({ name, repository, tag, digest, decision, sourceHash, sbom }) => [
          name,
          {
            digest,
            how: decision.how === "adopted" ? "adopted" : "built",
            reference: pulumi.interpolate`${repository}:${tag}@${digest}`,
            sourceHash,
            sbom: sbom !== undefined,
          },
        ]),
      ),
      assets: plan.assets.map(({ name }) => name),
      release: release.url,
      signing: plan.signing,
      ...(plan.sigstore.trustedRoot === undefined ? {} : { trustedRoot: plan.sigstore.trustedRoot }),
      leftOut: posted.leftOut.apply((lines) => [...plan.leftOut, ...lines]),
    };
    this.registerOutputs({ release: release.url });
    if (pulumi.runtime.isDryRun()) {
      void pulumi.log.info(planText(plan), this);
    } else if (plan.published) {
      void pulumi.log.info(`${owner} is published already: nothing to do but to look`, this);
    }
  }
}
