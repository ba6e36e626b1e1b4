import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import type { PlannedArtifact } from "../../plan/artifact/planned-artifact.ts";
import { planText } from "../../plan/release/plan-text.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { artifactGraph } from "../artifact/artifact-graphs.ts";
import type { ArtifactGraph } from "../artifact/artifact-graphs.ts";
import type { ArtifactFace } from "../artifact/artifact.ts";
import { OciTag } from "../artifact/oci-tag.ts";
import { proofs } from "../artifact/proofs.ts";
import type { GraphInputs } from "../dynamic-resource.ts";
import { GitHubRelease } from "./github-release.ts";
import { GitTag } from "./git-tag.ts";
import { postedAttestations } from "./posted-attestations.ts";
import { stops } from "./stops.ts";
import type { StopOptions } from "./stops.ts";

/** An artifact with its plan and its face in the graph. */
type TrainArtifact = PlannedArtifact & ArtifactFace;

/** What a unit exports (formats/release/unit-outputs.ts), as the graph knows it. */
export type ReleasedUnit = { [Key in keyof UnitOutputs]: GraphInputs<UnitOutputs[Key]> };

/**
 * One unit, from its artifacts to its public Release. Every edge that keeps a push before a release is made by its stops, one after the other:
 * artifacts (by digest) → proofs (signatures and provenance) → version tags → git tag, beside provenance that is posted to GitHub → Release →
 * what follows it and belongs to no version.
 */
export class ReleaseTrain extends pulumi.ComponentResource {
  readonly released: ReleasedUnit;

  /**
   * @param plan what to release; its version is part of every resource's name, so that a new version is only ever created
   * @param graph how artifacts are declared. Default: as their kinds do
   */
  constructor(plan: ReleasePlan, graph: ArtifactGraph = artifactGraph) {
    super("lockstep:release:ReleaseTrain", plan.unitVersion, {}, { retainOnDelete: true });
    const stop = stops(this);

    const { artifacts } = stop((options) => {
      const made = plan.artifacts.map((artifact) => ({ ...artifact, ...graph(artifact, plan, options) }));
      return { artifacts: made, resources: made.flatMap(({ resources }) => resources) };
    });
    stop((options) => ({ resources: artifacts.flatMap((artifact) => proofs(artifact, plan, options)) }));
    stop((options) => ({ resources: artifacts.map((artifact) => versionTag(artifact, plan, options)) }));
    const { posted } = stop((options) => {
      const made = postedAttestations(artifacts, plan, options);
      return { posted: made, resources: [gitTag(plan, options), ...made.resources] };
    });
    const { release } = stop((options) => {
      const made = gitHubRelease(artifacts, plan, options);
      return { release: made, resources: [made] };
    });
    stop((options) => ({ resources: artifacts.flatMap(({ afterRelease }) => afterRelease?.(options) ?? []) }));

    const leftOut = posted.leftOut.apply((lines) => [...plan.leftOut, ...lines]);
    this.released = exported(artifacts, plan, release, leftOut);
    this.registerOutputs({ release: release.url });
    if (pulumi.runtime.isDryRun()) {
      void pulumi.log.info(planText(plan), this);
    } else if (plan.published) {
      void pulumi.log.info(`${plan.unitVersion} is already published: nothing to do but check it`, this);
    }
  }
}

function versionTag(
  { name, ociRepository, tag, digest }: TrainArtifact,
  { version }: ReleasePlan,
  options: StopOptions,
): OciTag {
  return new OciTag(`tag/${name}@${version}`, { repository: ociRepository, tag, digest }, options);
}

function gitTag(
  { unit, version, unitVersion, repository, gitTag: tag, revision: commit }: ReleasePlan,
  options: StopOptions,
): GitTag {
  return new GitTag(`git-tag/${unitVersion}`, { repository, tag, commit, message: `${unit} ${version}` }, options);
}

function gitHubRelease(artifacts: readonly TrainArtifact[], plan: ReleasePlan, options: StopOptions): GitHubRelease {
  const files = plan.assets.map(({ name, from, signed }) => ({ name, ...from, ...(signed === false && { signed }) }));
  const made = artifacts.flatMap(({ assets = [] }) => assets.map(({ name, from }) => ({ name, ...from })));
  return new GitHubRelease(
    `release/${plan.unitVersion}`,
    {
      repository: plan.repository,
      unit: plan.unit,
      version: plan.version,
      tag: plan.gitTag,
      tagPattern: plan.tagPattern,
      revision: plan.revision,
      title: plan.title,
      notes: plan.notes,
      prerelease: plan.prerelease,
      latest: plan.latest,
      assets: [...files, ...made],
      artifacts: Object.fromEntries(
        artifacts.map(({ name, kind, ociRepository, tag, digest, buildInputs, attestations }) => [
          name,
          {
            kind,
            repository: ociRepository,
            tag,
            digest,
            buildInputs,
            ...(attestations && { attestations: [...attestations] }),
          },
        ]),
      ),
      signing: plan.signing,
      ...(isDeepStrictEqual(plan.recordedSigning, plan.signing) ? {} : { recordedSigning: plan.recordedSigning }),
      sigstore: plan.sigstore,
    },
    options,
  );
}

function exported(
  artifacts: readonly TrainArtifact[],
  plan: ReleasePlan,
  release: GitHubRelease,
  leftOut: pulumi.Output<string[]>,
): ReleasedUnit {
  const { version, revision, gitTag: tag, repository, packageRegistry, signing, sigstore } = plan;
  return {
    version,
    revision,
    gitTag: tag,
    repository,
    packageRegistry,
    artifacts: Object.fromEntries(
      artifacts.map(({ name, kind, ociRepository, tag: ociTag, digest, decision, sourceHash, sbom }) => [
        name,
        {
          kind,
          digest,
          how: decision.how === "adopted" ? "adopted" : "built",
          reference: pulumi.interpolate`${ociRepository}:${ociTag}@${digest}`,
          sourceHash,
          sbom: sbom !== undefined,
        },
      ]),
    ),
    assets: plan.assets.map(({ name }) => name),
    release: release.url,
    signing,
    ...(sigstore.trustedRoot === undefined ? {} : { trustedRoot: sigstore.trustedRoot }),
    leftOut,
  };
}
