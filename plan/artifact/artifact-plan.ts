import type { Artifact, Kind, Written } from "../../config/artifact/artifact-kinds.ts";
import { imagePlanner } from "./image.ts";
import type { ImagePlan } from "./image.ts";
import type { ArtifactContext, ArtifactPlanner, CommonPlan } from "./planned-artifact.ts";

/** The plan of each kind of artifact. */
export interface ArtifactPlans {
  image: ImagePlan;
}

/** The plan of an artifact, distinguished by `kind`. */
export type ArtifactPlan = { [K in Kind]: ArtifactPlans[K] }[Kind];

const artifactPlanners: { [K in Kind]: ArtifactPlanner<Written<K>, ArtifactPlans[K]> } = {
  image: imagePlanner,
};

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
