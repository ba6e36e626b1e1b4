import * as dockerBuild from "@pulumi/docker-build";
import type * as pulumi from "@pulumi/pulumi";
import type { ImagePlan } from "../../plan/artifact/image.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import type { ArtifactFace, ArtifactOptions } from "./artifact.ts";
import { explainFailure } from "../explain-failure.ts";
import { ImageIndex } from "./image-index.ts";

/**
 * A container image: one build per platform, each pushed by digest without any tag, and an index over them. An adopted image has no
 * resources: its digest is all that follows needs.
 */
export function image(plan: ImagePlan, { version }: ReleasePlan, options: ArtifactOptions): ArtifactFace {
  if (plan.decision.how === "adopted") {
    return { digest: plan.decision.digest, resources: [], children: plan.children };
  }
  const platforms = plan.platforms.map((platform) => ({
    platform,
    build: platformBuild(plan, version, platform, options),
  }));
  const index = new ImageIndex(
    `index/${plan.name}@${version}`,
    {
      repository: plan.ociRepository,
      manifests: platforms.map(({ platform, build }) => ({ platform, digest: build.digest })),
      annotations: plan.labels,
    },
    // As for the builds: what is published keeps its annotations, and so its digest.
    { ...options, ...(plan.decision.how === "built" ? { ignoreChanges: ["annotations"] } : {}) },
  );
  const children = platforms.map(({ platform, build }) => ({ platform, digest: build.digest }));
  return { digest: index.digest, resources: [index], children };
}

function platformBuild(
  plan: ImagePlan,
  version: string,
  platform: string,
  options: ArtifactOptions,
): dockerBuild.Image {
  const name = `image/${plan.name}@${version}/${platform.replaceAll("/", "-")}`;
  const builder = process.env["BUILDX_BUILDER"];
  return new dockerBuild.Image(
    name,
    {
      context: { location: plan.context },
      dockerfile: { location: plan.dockerfile },
      ...(plan.target === undefined ? {} : { target: plan.target }),
      platforms: [platform as dockerBuild.Platform],
      buildArgs: { ...plan.buildArgs },
      labels: { ...plan.labels },
      // Raw, because the typed export has no rewrite-timestamp and makes a Docker manifest list. One platform at a time: over a
      // multi-node builder docker-build would join the platforms itself and push the tag `latest`.
      exports: [{ raw: rawExport(plan) }],
      push: false,
      buildOnPreview: plan.buildOnPreview,
      ...(builder ? { builder: { name: builder } } : {}),
    },
    {
      ...options,
      retainOnDelete: true,
      hooks: { onError: [explainFailure(name, `building and pushing ${plan.ociRepository} for ${platform}`)] },
      // Built by this stack at this version and commit: whatever differs now (another builder, another checkout's file modes) is no reason
      // to build what is published.
      ...(plan.decision.how === "built" ? { ignoreChanges: builtOnce } : {}),
    } satisfies pulumi.CustomResourceOptions,
  );
}

const builtOnce = [
  "buildArgs",
  "buildOnPreview",
  "builder",
  "context",
  "dockerfile",
  "exports",
  "labels",
  "platforms",
  "push",
  "target",
];

function rawExport({ ociRepository, sourceDateEpoch }: ImagePlan): string {
  return [
    "type=image",
    "push=true",
    "push-by-digest=true",
    `name=${ociRepository}`,
    "oci-mediatypes=true",
    "rewrite-timestamp=true",
    `source-date-epoch=${sourceDateEpoch}`,
  ].join(",");
}
