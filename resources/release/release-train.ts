import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { planText } from "../../plan/release/plan-text.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { artifactGraph } from "../artifact/artifact-graphs.ts";
import type { ArtifactGraph } from "../artifact/artifact-graphs.ts";
import { joinFace } from "../artifact/artifact.ts";
import type { DeclaredArtifact, PinnableArtifact, PinnableArtifacts } from "../artifact/artifact.ts";
import { OciTag } from "../artifact/oci-tag.ts";
import { proofs } from "../artifact/proofs.ts";
import type { GraphInputs } from "../dynamic-resource.ts";
import { GitHubRelease } from "./github-release.ts";
import { GitTag } from "./git-tag.ts";
import { postedAttestations } from "./posted-attestations.ts";
import { stops } from "./stops.ts";
import type { StopOptions } from "./stops.ts";

/** What a unit exports (formats/release/unit-outputs.ts), as the graph knows it. */
export type ReleasedUnit = { [Key in keyof UnitOutputs]: GraphInputs<UnitOutputs[Key]> };

/**
 * One unit, from its artifacts to its public Release. Every edge that keeps a push before a release is made by its stops, one after the other:
 * artifacts (by digest) → proofs (signatures and provenance) → version tags → git tag, beside provenance that is posted to GitHub → Release →
 * what follows it and belongs to no version.
 */
export class ReleaseTrain extends pulumi.ComponentResource {
  readonly released: ReleasedUnit;
  /** Its artifacts, for charts of other units. */
  readonly pinnable: PinnableArtifacts;

  /**
   * @param plan what to release; its version is part of every resource's name, so that a new version is only ever created
   * @param graph how artifacts are declared. Default: as their kinds do
   * @param others artifacts of other units that its charts may pin. Default: none
   */
  constructor(plan: ReleasePlan, graph: ArtifactGraph = artifactGraph, others: PinnableArtifacts = new Map()) {
    super("lockstep:release:ReleaseTrain", plan.unitVersion, {}, { retainOnDelete: true });
    const stop = stops(this);

    const { artifacts } = stop((options) => {
      const pinnable = new Map<string, PinnableArtifact>(others);
      const made = plan.artifacts.map((artifact) => {
        const face = graph(artifact, plan, options, pinnable);
        pinnable.set(artifact.name, { digest: face.digest, tagged: undefined });
        return joinFace(artifact, face);
      });
      return { artifacts: made, resources: made.flatMap(({ resources }) => resources) };
    });
    stop((options) => ({ resources: artifacts.flatMap((artifact) => proofs(artifact, plan, options)) }));
    const { tags } = stop((options) => {
      const made = versionTags(artifacts, plan, options);
      return { tags: made, resources: [...made.values()] };
    });
    this.pinnable = new Map(artifacts.map(({ name, digest }) => [name, { digest, tagged: tags.get(name) }]));
    const { posted } = stop((options) => {
      const made = postedAttestations(artifacts, plan, options);
      return { posted: made, resources: [gitTag(plan, options), ...made.resources] };
    });
    const { release } = stop((options) => {
      const made = gitHubRelease(artifacts, plan, options);
      return { release: made, resources: [made] };
    });
    stop((options) => ({ resources: artifacts.flatMap(({ afterRelease }) => afterRelease?.(options) ?? []) }));

    const unknown = plan.lineages?.length ? release.leftOut : undefined;
    const leftOut = pulumi
      .all([posted.leftOut, unknown])
      .apply(([notPosted, inLineages = []]) => [...plan.leftOut, ...notPosted, ...inLineages]);
    this.released = exported(artifacts, plan, release, leftOut);
    this.registerOutputs({ release: release.url });
    if (pulumi.runtime.isDryRun()) {
      void pulumi.log.info(planText(plan), this);
    } else if (plan.published) {
      void pulumi.log.info(`${plan.unitVersion} is already published: nothing to do but check it`, this);
    }
  }
}

/**
 * The version tags. That of a chart waits for those of the images that it pins: if a run is cut off between them, the next one finds the images
 * and makes the same package.
 */
function versionTags(
  artifacts: readonly DeclaredArtifact[],
  { version }: ReleasePlan,
  options: StopOptions,
): Map<string, OciTag> {
  const tags = new Map<string, OciTag>();
  for (const { name, ociRepository: repository, tag, digest, pinned = [] } of artifacts) {
    const dependsOn = [...options.dependsOn, ...pinned.flatMap((image) => tags.get(image) ?? [])];
    tags.set(name, new OciTag(`tag/${name}@${version}`, { repository, tag, digest }, { ...options, dependsOn }));
  }
  return tags;
}

function gitTag(
  { unit, version, unitVersion, repository, gitTag: tag, revision: commit }: ReleasePlan,
  options: StopOptions,
): GitTag {
  return new GitTag(`git-tag/${unitVersion}`, { repository, tag, commit, message: `${unit} ${version}` }, options);
}

function gitHubRelease(artifacts: readonly DeclaredArtifact[], plan: ReleasePlan, options: StopOptions): GitHubRelease {
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
      assets: attachedFiles(artifacts, plan),
      artifacts: Object.fromEntries(
        artifacts.map(({ name, kind, ociRepository, tag, digest, buildInputs, attestations, pins }) => [
          name,
          {
            kind,
            repository: ociRepository,
            tag,
            digest,
            buildInputs,
            ...(attestations && { attestations: [...attestations] }),
            ...(pins && { pins }),
          },
        ]),
      ),
      ...(plan.lineages?.length ? { lineages: plan.lineages.map(({ artifact }) => artifact) } : {}),
      signing: plan.signing,
      ...(isDeepStrictEqual(plan.recordedSigning, plan.signing) ? {} : { recordedSigning: plan.recordedSigning }),
      sigstore: plan.sigstore,
    },
    options,
  );
}

/** The planned files in their order, with what artifacts have made of those that were not known, and what else they have made. */
function attachedFiles(artifacts: readonly DeclaredArtifact[], plan: ReleasePlan) {
  const made = new Map(artifacts.flatMap(({ assets = [] }) => assets.map(({ name, from }) => [name, from])));
  const planned = plan.assets.map(({ name, from: known, signed }) => {
    const from = known ?? made.get(name);
    if (from === undefined) {
      throw new Error(`nothing makes the file ${name}`);
    }
    return { name, ...from, ...(signed === false && { signed }) };
  });
  const others = [...made].filter(([name]) => plan.assets.every((asset) => asset.name !== name));
  return [...planned, ...others.map(([name, from]) => ({ name, ...from }))];
}

function exported(
  artifacts: readonly DeclaredArtifact[],
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
    assets: [...plan.assets, ...(plan.lineages ?? [])].map(({ name }) => name),
    release: release.url,
    signing,
    ...(sigstore.trustedRoot === undefined ? {} : { trustedRoot: sigstore.trustedRoot }),
    leftOut,
  };
}
