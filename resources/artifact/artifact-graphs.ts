import type { ArtifactPlan } from "../../plan/artifact/artifact-plan.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import type { ArtifactFace, ArtifactOptions, PinnableArtifacts } from "./artifact.ts";
import { chart } from "./chart.ts";
import { image } from "./image.ts";

/**
 * Declares an artifact: pushes it by digest and never tags it.
 * @param pinnable the artifacts that a chart may pin
 */
export type ArtifactGraph = (
  plan: ArtifactPlan,
  release: ReleasePlan,
  options: ArtifactOptions,
  pinnable: PinnableArtifacts,
) => ArtifactFace;

/** Declares an artifact as its kind does. The rest of the train (proofs, tags, git tag, Release) is the same for all kinds. */
export const artifactGraph: ArtifactGraph = (plan, release, options, pinnable) => {
  switch (plan.kind) {
    case "image":
      return image(plan, release, options);
    case "chart":
      return chart(plan, release, options, pinnable);
  }
};
