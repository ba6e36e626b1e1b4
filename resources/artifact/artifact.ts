import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactPlan, ReleasePlan } from "../../plan/release/release.ts";

/** What the release train needs of an artifact. */
export interface Artifact {
  /** What everything after the push is about. */
  digest: pulumi.Input<string>;
  /** Resources that must be there before any version tag of the unit; none for an adopted artifact. */
  resources: pulumi.Resource[];
  /** Manifests below the digest that are signed too: the platforms of an image. Default none. */
  children?: readonly { platform: string; digest: pulumi.Input<string> }[];
}

/** Options for every resource of an artifact. */
export interface ArtifactOptions {
  parent: pulumi.Resource;
}

/**
 * Makes one kind of artifact: pushes it by digest and never tags it. The rest of the train (tags, git tag, Release) is the same for all
 * kinds.
 */
export type ArtifactKind = (plan: ArtifactPlan, release: ReleasePlan, options: ArtifactOptions) => Artifact;
