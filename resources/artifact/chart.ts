import type { ChartPlan } from "../../plan/artifact/chart.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import type { ArtifactFace, ArtifactOptions } from "./artifact.ts";
import { ChartPush } from "./chart-push.ts";

/**
 * A Helm chart, pushed by digest without any tag. An adopted chart has no resources: its digest is all that follows needs. Its package is a
 * file of the Release in either case (plan/release/release.ts).
 */
export function chart(plan: ChartPlan, { version }: ReleasePlan, options: ArtifactOptions): ArtifactFace {
  if (plan.decision.how === "adopted") {
    return { digest: plan.decision.digest, resources: [] };
  }
  const { name, ociRepository: repository, path, layer, stamps } = plan;
  const push = new ChartPush(
    `chart/${name}@${version}`,
    { repository, path, layer, stamps },
    // What is published keeps its annotations, and so its digest.
    { ...options, ...(plan.decision.how === "built" ? { ignoreChanges: ["path", "stamps"] } : {}) },
  );
  return { digest: push.digest, resources: [push] };
}
