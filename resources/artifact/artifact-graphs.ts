import type { ImagePlan } from "../../plan/release/release.ts";
import type { ArtifactKind } from "./artifact.ts";
import { image } from "./image.ts";

/** The kinds that Lockstep has, by the name that stands in plans and records. */
export const artifactKinds: Readonly<Record<string, ArtifactKind>> = {
  image: (plan, release, options) => image(plan as ImagePlan, release, options),
};
