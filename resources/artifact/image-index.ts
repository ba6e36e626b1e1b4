import type * as pulumi from "@pulumi/pulumi";
import type { ImageIndexInputs } from "../../providers/artifact/image-index.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * An OCI image index over platform manifests of one repository, pushed by digest, with annotations. Names no tag.
 *
 * @example One index over two platforms
 * ```ts
 * new ImageIndex("index/app@1.2.3", {
 *   repository: "ghcr.io/acme/app",
 *   manifests: [{ platform: "linux/amd64", digest: amd64.digest }, { platform: "linux/arm64", digest: arm64.digest }],
 *   annotations: { "org.opencontainers.image.version": "1.2.3" },
 * });
 * ```
 */
export class ImageIndex extends DynamicResource {
  /** The digest of the index. */
  declare readonly digest: pulumi.Output<string>;

  /**
   * @param inputs `repository` (changing it makes another index), `manifests` in the order of the index, `annotations`; changing one of
   * the last two pushes another index beside the first
   */
  constructor(name: string, inputs: GraphInputs<ImageIndexInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("ImageIndex", "image-index", name, inputs, ["digest"], options);
  }
}
