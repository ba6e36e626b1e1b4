import { listPromisedAssets } from "../published/promised-assets.ts";
import type { ReleasePlan } from "./release.ts";

/** What the number of writes to GitHub depends on. */
type WritingPlan = Pick<
  ReleasePlan,
  "published" | "assets" | "lineages" | "artifacts" | "signing" | "githubAttestations"
>;

/** How many requests that create content pass in a minute and in an hour. */
export interface PaceLimits {
  perMinute: number;
  perHour: number;
}

/**
 * Counts the requests that create content at GitHub if nothing of a Release is there yet: the git tag and its object, the draft, its assets,
 * the publication, and the provenance of each artifact. A Release that is published needs none.
 */
export function countWrites({
  published,
  assets,
  lineages = [],
  artifacts,
  signing,
  githubAttestations,
}: WritingPlan): number {
  if (published) {
    return 0;
  }
  const signed = signing !== "off";
  const posts = signed && githubAttestations === "auto" ? artifacts.length : 0;
  return 4 + listPromisedAssets([...assets, ...lineages], signed).length + posts;
}

/**
 * Describes how long GitHub's limits make a release take.
 * @returns "about 1 hour 2 minutes: 740 writes to GitHub, at 80 a minute and 500 an hour"; undefined if all of them pass at once
 */
export function describeReleaseTime(plans: readonly WritingPlan[], limits: PaceLimits): string | undefined {
  const writes = plans.reduce((sum, plan) => sum + countWrites(plan), 0);
  const minutes = minutesUntilLast(writes, limits);
  return minutes === 0
    ? undefined
    : `about ${describeMinutes(minutes)}: ${writes} writes to GitHub, at ${limits.perMinute} a minute and ${limits.perHour} an hour`;
}

/** The whole minutes after which the last of so many writes passes. Each minute lets its number through at once, within that of its hour. */
function minutesUntilLast(writes: number, { perMinute, perHour }: PaceLimits): number {
  if (writes === 0) {
    return 0;
  }
  const before = writes - 1;
  const perFullHour = Math.min(perHour, 60 * perMinute);
  return 60 * Math.floor(before / perFullHour) + Math.floor((before % perFullHour) / perMinute);
}

function describeMinutes(minutes: number): string {
  const parts: [number, string][] = [
    [Math.floor(minutes / 60), "hour"],
    [minutes % 60, "minute"],
  ];
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}${count === 1 ? "" : "s"}`])).join(" ");
}
