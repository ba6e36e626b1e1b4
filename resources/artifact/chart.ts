import type { ChartPlan } from "../../plan/artifact/chart.ts";
import { editsOf } from "../../plan/artifact/pinned-chart.ts";
import type { PinnedChart } from "../../plan/artifact/pinned-chart.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { ArtifactHubTag } from "./artifact-hub-tag.ts";
import type { ArtifactFace, ArtifactOptions, PinnableArtifacts } from "./artifact.ts";
import { ChartPush } from "./chart-push.ts";

/**
 * A Helm chart, pushed by digest without any tag. An adopted chart has no resources: its digest is all that follows needs. Its package is a
 * file of the Release in either case (plan/release/release.ts). If it pins an image that this run pushes, it waits for the image's digest, and
 * its package is known only after its own push. What Artifact Hub reads of its repository follows the Release.
 */
export function chart(
  plan: ChartPlan,
  { version }: ReleasePlan,
  options: ArtifactOptions,
  pinnable: PinnableArtifacts = new Map(),
): ArtifactFace {
  const { name, ociRepository: repository, tag, path, layer, stamps, hubFile, pinned } = plan;
  const content = pinned && joinPins(pinned, pinnable);
  const afterRelease: ArtifactFace["afterRelease"] = (after) =>
    hubFile === undefined ? [] : [new ArtifactHubTag(`artifact-hub/${name}`, { repository, ...hubFile }, after)];
  const face = { afterRelease, ...(content && { pins: content.recorded, pinned: content.images }) };
  if (plan.decision.how === "adopted") {
    return { digest: plan.decision.digest, resources: [], ...face };
  }
  const push = new ChartPush(
    `chart/${name}@${version}`,
    { repository, path, layer, stamps, tag, ...content?.edits },
    {
      ...options,
      ...(content?.awaited.length ? { dependsOn: [...(options.dependsOn ?? []), ...content.awaited] } : {}),
      // What is published keeps its annotations, and so its digest. Its package is the same, whatever it is made of by now.
      ...(plan.decision.how === "built" ? { ignoreChanges: madeOf } : {}),
    },
  );
  if (!pinned || editsOf(pinned) !== undefined) {
    return { digest: push.digest, resources: [push], ...face };
  }
  const { packageSha256: sha256, packageSize: size } = push;
  const from = { path, sha256, size, packs: "chart" as const, ...content?.edits };
  return {
    digest: push.digest,
    resources: [push],
    ...face,
    made: { buildInputs: sha256, sourceHash: sha256 },
    assets: [{ name: pinned.packageName, from }],
  };
}

/** Inputs of a ChartPush that make no difference to a chart whose package is known to be the same. */
const madeOf = ["path", "stamps", "layer", "pins", "versions"];

/** Puts digests into the pins that were planned without. */
function joinPins({ pins, recorded, versions }: PinnedChart, pinnable: PinnableArtifacts) {
  const known = pins.map((pin) => {
    const image = pin.digest === undefined ? pinnable.get(pin.artifact) : { digest: pin.digest, tagged: undefined };
    if (image === undefined) {
      throw new Error(`${pin.artifact} is pinned, and nothing in this run pushes it`);
    }
    return { ...pin, ...image };
  });
  return {
    edits: {
      ...(known.length > 0
        ? { pins: known.map(({ path, form, repository, tag, digest }) => ({ path, form, repository, tag, digest })) }
        : {}),
      ...(versions && { versions }),
    },
    recorded: recorded
      ? [...recorded]
      : known.map(({ path, form, artifact, version, digest }) => ({ path, form, artifact, version, digest })),
    images: pins.map(({ artifact }) => artifact),
    awaited: known.flatMap(({ tagged }) => tagged ?? []),
  };
}
