import * as pulumi from "@pulumi/pulumi";
import { artifactGraph } from "../../../resources/artifact/artifact-graphs.ts";
import type { ArtifactGraph } from "../../../resources/artifact/artifact-graphs.ts";
import { ImageIndex } from "../../../resources/artifact/image-index.ts";

/** Type of a build for one platform, in the place of docker-build's Image. */
export const buildType = "simulated:build";

/** Inputs of a build. */
export interface BuildInputs {
  repository: string;
  platform: string;
  buildInputs: string;
}

class Build extends pulumi.CustomResource {
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, inputs: BuildInputs, options: pulumi.CustomResourceOptions) {
    super(buildType, name, { ...inputs, digest: undefined }, options);
  }
}

/** The graph as the product declares it. That of an image is without docker-build: its plugin cannot be scheduled. */
export const simulatedGraph: ArtifactGraph = (plan, release, options, pinnable) => {
  if (plan.kind !== "image") {
    return artifactGraph(plan, release, options, pinnable);
  }
  const { version } = release;
  const { name, ociRepository, decision, buildInputs, children: published } = plan;
  if (decision.how === "adopted") {
    return { digest: decision.digest, resources: [], children: published };
  }
  const children = plan.platforms.map((platform) => ({
    platform,
    digest: new Build(
      `image/${name}@${version}/${platform.replaceAll("/", "-")}`,
      { repository: ociRepository, platform, buildInputs },
      options,
    ).digest,
  }));
  const index = new ImageIndex(
    `index/${name}@${version}`,
    { repository: ociRepository, manifests: children, annotations: plan.labels },
    options,
  );
  return { digest: index.digest, resources: [index], children };
};
