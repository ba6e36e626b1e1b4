import { z } from "zod";
import { hasBlob, putBlob } from "../../clients/registry/blob-upload.ts";
import { headManifest, putManifest, shareManifest, shareManifestHead } from "../../clients/registry/registry.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { chartMediaTypes, writeChartManifest } from "../../formats/chart/chart-manifest.ts";
import type { Provider } from "../host/provider.ts";
import { chartEditInputs } from "./chart-edit-inputs.ts";
import { repackageChart } from "./planned-package.ts";

/** Media type of the manifest, which helm's own manifest does not name. Source: helm 4.3.1, pkg/registry/client.go, Push. */
const mediaType = "application/vnd.oci.image.manifest.v1+json";

const Inputs = z.object({
  /** With its registry, without a tag. */
  repository: z.string(),
  /** The chart's folder, relative to the folder of Pulumi.yaml. */
  path: z.string(),
  /** The digest of the package that the folder makes as it is: a folder with another one is not pushed. */
  layer: z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "is not a sha256 digest" }),
  /** Annotations of the manifest that Chart.yaml does not have. */
  stamps: z.object({
    /** RFC 3339. */
    created: z.string(),
    /** Address of the repository. */
    source: z.string(),
    /** Full commit id. */
    revision: z.string(),
  }),
  /** The version tag that the chart gets later: if it names the digest, one look shows both. Default: the digest is looked for. */
  tag: z.string().optional(),
  ...chartEditInputs,
});

/** Inputs of a ChartPush: where to, which folder, which package, what is written into its files, and what the manifest says beside Chart.yaml. */
export type ChartPushInputs = z.output<typeof Inputs>;

/** Outputs of a ChartPush. */
export interface ChartPushOutputs {
  /** The digest of the manifest, which everything after it names. */
  digest: string;
  /** sha256 of the package that was pushed, hex. In a state of an older version it is missing. */
  packageSha256?: string | undefined;
  /** Its size in bytes. In a state of an older version it is missing. */
  packageSize?: number | undefined;
}

/**
 * Packages a chart and pushes it by digest, without a tag: config and package as blobs, and the manifest that `helm push` would write. The
 * same inputs make the same digest.
 */
export const chartPushProvider: Provider<ChartPushInputs, ChartPushOutputs> = {
  phrase: ({ path, repository }) => `pushing the chart ${path} to ${repository}`,
  inputs: Inputs,
  identity: ["repository"],
  immaterial: ["tag"],
  id: ({ repository }) => repository,

  // The folder is not packaged again: what was pushed stays right, whatever is in the folder now.
  async read(inputs, { digest, packageSha256, packageSize }) {
    const isThere = digest !== undefined && (await hasManifest(inputs, digest));
    return isThere ? { inputs, outputs: { digest, packageSha256, packageSize } } : undefined;
  },

  async reconcile({ repository, path, layer, stamps, ...edits }, progress) {
    const { metadata, bytes } = await repackageChart(path, { folderDigest: layer }, edits);
    const packaged = { digest: computeDigest(bytes), size: bytes.length };
    const { manifest, digest, config } = writeChartManifest(metadata, packaged, stamps);
    const outputs = { digest, packageSha256: packaged.digest.slice("sha256:".length), packageSize: packaged.size };
    if (await headManifest(repository, digest)) {
      return outputs;
    }
    await Promise.all([
      pushBlob(repository, Buffer.from(config), chartMediaTypes.config),
      pushBlob(repository, bytes, chartMediaTypes.layer),
    ]);
    await putManifest(repository, digest, { mediaType, bytes: Buffer.from(manifest) });
    progress.done(`chart ${metadata.name} ${metadata.version} pushed: ${digest}`);
    return outputs;
  },
};

/** The tag's manifest is read in every run, for the tag and for the plan. */
async function hasManifest({ repository, tag }: ChartPushInputs, digest: string): Promise<boolean> {
  const tagged = tag === undefined ? undefined : await shareManifest(repository, tag);
  return tagged?.digest === digest || (await shareManifestHead(repository, digest)) !== undefined;
}

async function pushBlob(repository: string, bytes: Buffer, type: string): Promise<void> {
  if (!(await hasBlob(repository, computeDigest(bytes)))) {
    await putBlob(repository, bytes, type);
  }
}
