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

/** sha256 of what the configuration says of an artifact's build. */
export function buildInputsOf<K extends Kind>({ kind, written }: Artifact<K>): string {
  return artifactPlanners[kind].buildInputs(written);
}

/** The plan of one artifact. */
export function planArtifact<K extends Kind>(
  { kind, written }: Artifact<K>,
  common: CommonPlan,
  context: ArtifactContext,
): ArtifactPlans[K] {
  return artifactPlanners[kind].plan(common, written, context);
}
