import type { Artifact, Kind, Written } from "../../config/artifact/artifact-kinds.ts";
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

/** The plan of one artifact. */
export function planArtifact<K extends Kind>(
  { kind, written }: Artifact<K>,
  common: CommonPlan,
  context: ArtifactContext,
): ArtifactPlans[K] {
  return artifactPlanners[kind].plan(common, written, context);
}
