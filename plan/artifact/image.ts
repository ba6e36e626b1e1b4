import { createHash } from "node:crypto";
import type { Image } from "../../config/artifact/image.ts";
import { labels } from "../../formats/artifact/labels.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { ArtifactPlanner, PlannedArtifact } from "./planned-artifact.ts";

/** A container image. */
export interface ImagePlan extends PlannedArtifact {
  kind: "image";
  /** Manifests below an index that is there already; empty for what is going to be built. */
  children: readonly { platform: string; digest: string }[];
  /** Paths are relative to the folder of Pulumi.yaml. */
  context: string;
  dockerfile: string;
  target: string | undefined;
  platforms: readonly string[];
  buildArgs: Readonly<Record<string, string>>;
  /** Labels of each platform's image and annotations of the index. */
  labels: Readonly<Record<string, string>>;
  /** Seconds since 1970: the time of every file in the image. */
  sourceDateEpoch: number;
  buildOnPreview: boolean;
}

/** An image is built for each platform and joined by an index. */
export const imagePlanner: ArtifactPlanner<Image, ImagePlan> = {
  dependsOnCommit: true,
  tag: (version, prefix) => `${prefix}${version}`,
  packageName: () => undefined,
  buildInputs: ({ context, dockerfile, target, platforms, buildArgs }) => {
    const said = [
      context,
      dockerfile ?? null,
      target ?? null,
      platforms.toSorted(),
      Object.entries(buildArgs).toSorted(),
    ];
    return createHash("sha256").update(JSON.stringify(said)).digest("hex");
  },
  plan: (common, { context, dockerfile, target, platforms, buildArgs }, release) => ({
    kind: "image",
    ...common,
    parameters: { context, dockerfile: dockerfile ?? null, target: target ?? null, platforms, buildArgs },
    children: release.adopted?.children ?? [],
    context: workspacePath(release.workspace, context),
    dockerfile: workspacePath(release.workspace, dockerfile ?? `${context}/Dockerfile`),
    target,
    platforms,
    buildArgs,
    labels: labels({
      version: release.version,
      revision: release.revision,
      source: release.source,
      created: new Date(release.commitTime * 1000).toISOString().replace(".000Z", "Z"),
      licenses: release.license,
      buildInputs: common.buildInputs,
    }),
    sourceDateEpoch: release.commitTime,
    buildOnPreview: release.buildOnPreview,
  }),
};
