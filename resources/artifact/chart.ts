import type { ChartPlan } from "../../plan/artifact/chart.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { ArtifactHubTag } from "./artifact-hub-tag.ts";
import type { ArtifactFace, ArtifactOptions } from "./artifact.ts";
import { ChartPush } from "./chart-push.ts";

/**
 * A Helm chart, pushed by digest without any tag. An adopted chart has no resources: its digest is all that follows needs. Its package is a
 * file of the Release in either case (plan/release/release.ts). What Artifact Hub reads of its repository follows the Release.
 */
export function chart(plan: ChartPlan, { version }: ReleasePlan, options: ArtifactOptions): ArtifactFace {
  const { name, ociRepository: repository, path, layer, stamps, hubFile } = plan;
  const afterRelease: ArtifactFace["afterRelease"] = (after) =>
    hubFile === undefined ? [] : [new ArtifactHubTag(`artifact-hub/${name}`, { repository, ...hubFile }, after)];
  if (plan.decision.how === "adopted") {
    return { digest: plan.decision.digest, resources: [], afterRelease };
  }
  const push = new ChartPush(
    `chart/${name}@${version}`,
    { repository, path, layer, stamps },
    // What is published keeps its annotations, and so its digest.
    { ...options, ...(plan.decision.how === "built" ? { ignoreChanges: ["path", "stamps"] } : {}) },
  );
  return { digest: push.digest, resources: [push], afterRelease };
}
