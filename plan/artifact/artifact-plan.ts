import type { Artifact, Kind, Written } from "../../config/artifact/artifact-kinds.ts";
import type { PublishedArtifact } from "../../observe/published/artifact.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import { chartPlanner } from "./chart.ts";
import type { ChartPlan } from "./chart.ts";
import { imagePlanner } from "./image.ts";
import type { ImagePlan } from "./image.ts";
import type { ArtifactContext, ArtifactPlanner, CommonPlan } from "./planned-artifact.ts";

/** The plan of each kind of artifact. */
export interface ArtifactPlans {
  image: ImagePlan;
  chart: ChartPlan;
}

/** The plan of an artifact, distinguished by `kind`. */
export type ArtifactPlan = { [K in Kind]: ArtifactPlans[K] }[Kind];

const artifactPlanners: { [K in Kind]: ArtifactPlanner<Written<K>, ArtifactPlans[K]> } = {
  image: imagePlanner,
  chart: chartPlanner,
};

/**
 * The version tag of an artifact.
 * @param prefix of the unit's tags
 */
export function versionTag({ kind }: Pick<Artifact, "kind">, version: string, prefix: string): string {
  return artifactPlanners[kind].tag(version, prefix);
}

/** Name of the Release's file that an artifact is packed in; undefined for a kind that has none. */
export function packageName<K extends Kind>({ kind, written }: Artifact<K>, version: string): string | undefined {
  return artifactPlanners[kind].packageName(written, version);
}

/**
 * sha256 of what decides an artifact's build, hex.
 * @param sourceHash sha256 of the files that it is made of
 */
export function buildInputsOf<K extends Kind>({ kind, written }: Artifact<K>, sourceHash: string): string {
  return artifactPlanners[kind].buildInputs(written, sourceHash);
}

/** Whether what is published of an artifact depends on the commit that it was built from. */
export function dependsOnCommit({ kind }: Pick<Artifact, "kind">): boolean {
  return artifactPlanners[kind].dependsOnCommit;
}

/**
 * How a published artifact's content differs from that of the workspace, a line each.
 * @param packed what the workspace has, packed
 * @returns undefined for a kind whose content is not known before it is built
 */
export function differencesOf<K extends Kind>(
  { kind }: Artifact<K>,
  published: PublishedArtifact,
  packed: PackedFile,
): string[] | undefined {
  return artifactPlanners[kind].differences?.(published, packed);
}

/** The plan of one artifact. */
export function planArtifact<K extends Kind>(
  { kind, written }: Artifact<K>,
  common: CommonPlan,
  context: ArtifactContext,
): ArtifactPlans[K] {
  return artifactPlanners[kind].plan(common, written, context);
}
