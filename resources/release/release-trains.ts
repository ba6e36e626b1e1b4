import type { ReleasePlan } from "../../plan/release/release.ts";
import { awaitedImages } from "../../plan/artifact/pinned-chart.ts";
import type { PinnableArtifact } from "../artifact/artifact.ts";
import { ReleaseTrain } from "./release-train.ts";
import type { ReleasedUnit } from "./release-train.ts";

/**
 * The units of a run, beside each other: one waits for another only if a chart of it pins an image that the other one pushes in this run. It
 * then waits for the digest and for the image's version tag.
 * @returns what they export, by name, in the order of the plans
 */
export function releaseTrains(plans: readonly ReleasePlan[]): Record<string, ReleasedUnit> {
  const trains = new Map<string, ReleaseTrain>();
  const pinnable = new Map<string, PinnableArtifact>();
  // A unit is declared after those that it waits for. config/release/pin-consistency.ts has refused circles.
  const declare = (plan: ReleasePlan): void => {
    if (trains.has(plan.unit)) {
      return;
    }
    const awaited = plan.artifacts.flatMap((artifact) =>
      artifact.kind === "chart" && artifact.pinned ? awaitedImages(artifact.pinned) : [],
    );
    plans
      .filter((other) => other !== plan && other.artifacts.some(({ name }) => awaited.includes(name)))
      .forEach((other) => declare(other));
    const train = new ReleaseTrain(plan, undefined, pinnable);
    trains.set(plan.unit, train);
    for (const [name, artifact] of train.pinnable) {
      pinnable.set(name, artifact);
    }
  };
  plans.forEach((plan) => declare(plan));
  return Object.fromEntries(
    plans.flatMap(({ unit }) => {
      const train = trains.get(unit);
      return train ? [[unit, train.released]] : [];
    }),
  );
}
