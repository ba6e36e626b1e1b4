import type * as pulumi from "@pulumi/pulumi";

/** An artifact in the graph, as the release train sees it: the face that every kind shows. */
export interface ArtifactFace {
  /** What everything after the push is about. */
  digest: pulumi.Input<string>;
  /** Resources that must be there before any version tag of the unit; none for an adopted artifact. */
  resources: pulumi.Resource[];
  /** Manifests below the digest that are signed as well: the platforms of an image. Default none. */
  children?: readonly { platform: string; digest: pulumi.Input<string> }[];
  /** Files that the artifact adds to the Release, known only when it is made. Default none. */
  assets?: readonly MadeAsset[];
  /** Declares what follows the public Release and belongs to no version. Default: nothing. */
  afterRelease?: (options: ArtifactOptions) => pulumi.Resource[];
}

/** A file that is made in the run and attached to the Release. */
export interface MadeAsset {
  name: string;
  from: {
    /** Relative to the folder of Pulumi.yaml. The file must be there when the Release is made. */
    path: pulumi.Input<string>;
    /** Hex, 64 digits. */
    sha256: pulumi.Input<string>;
    /** In bytes. */
    size: pulumi.Input<number>;
  };
}

/** Options for every resource of an artifact. */
export interface ArtifactOptions {
  parent: pulumi.Resource;
  /** What they wait for. Default nothing. */
  dependsOn?: pulumi.Resource[];
}
