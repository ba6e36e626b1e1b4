import { z } from "zod";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { getManifest, headManifest, putManifest } from "../../clients/registry/registry.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import type { Provider } from "../host/provider.ts";
import { DigestInput } from "../host/unknown-input.ts";

const mediaType = "application/vnd.oci.image.index.v1+json";

const Inputs = z.object({
  /** With its registry, without a tag. */
  repository: z.string(),
  /** One manifest per platform, in the order in which the index lists them. */
  manifests: z.array(z.object({ platform: z.string(), digest: DigestInput })).min(1),
  annotations: z.record(z.string(), z.string()),
});

/** Inputs of an ImageIndex: repository, the platform manifests, annotations. */
export type ImageIndexInputs = z.output<typeof Inputs>;

/** Outputs of an ImageIndex. */
export interface ImageIndexOutputs {
  /** The digest of the index, which everything after it names. */
  digest: string;
}

/** Joins platform manifests, pushed by digest, into one OCI index, pushed by digest. The same inputs make the same bytes. */
export const imageIndexProvider: Provider<ImageIndexInputs, ImageIndexOutputs> = {
  phrase: ({ repository }) => `joining the platforms of ${repository} into one index`,
  inputs: Inputs,
  identity: ["repository"],
  id: ({ repository }) => repository,

  async read(inputs) {
    const index = await composeIndex(inputs);
    if (index === undefined) {
      return undefined;
    }
    const there = await headManifest(inputs.repository, index.digest);
    return there && { inputs, outputs: { digest: index.digest } };
  },

  async reconcile(inputs, progress) {
    const index = await composeIndex(inputs);
    if (index === undefined) {
      throw await makeLostManifestError(inputs);
    }
    if (!(await headManifest(inputs.repository, index.digest))) {
      await putManifest(inputs.repository, index.digest, index);
      progress.done(`index of ${inputs.manifests.length} platforms pushed: ${index.digest}`);
    }
    return { digest: index.digest };
  },
};

/**
 * Writes the index, byte for byte as BuildKit would, so that one set of platforms has one digest whichever tool joins it.
 * @returns undefined if one of the manifests is not in the registry
 */
async function composeIndex({
  repository,
  manifests,
  annotations,
}: ImageIndexInputs): Promise<{ digest: string; mediaType: string; bytes: Buffer } | undefined> {
  // Fetched, not only looked up: a proxy may leave the length out of a HEAD, and a wrong size in an index cannot be fixed.
  const found = await Promise.all(manifests.map(({ digest }) => getManifest(repository, digest)));
  if (found.some((child) => child === undefined)) {
    return undefined;
  }
  const children = found.flatMap((child, at) => {
    const [os, architecture, variant] = manifests[at]?.platform.split("/") ?? [];
    const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
    return child ? [{ mediaType: child.mediaType, digest: child.digest, size: child.bytes.length, platform }] : [];
  });
  // BuildKit omits an empty map of annotations.
  const noted = Object.keys(annotations).length > 0 ? { annotations } : {};
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: children, ...noted }, null, 2));
  return { digest: computeDigest(bytes), mediaType, bytes };
}

async function makeLostManifestError({ repository, manifests }: ImageIndexInputs): Promise<StepFailure> {
  const found = await Promise.all(
    manifests.map(async ({ digest }) => ((await getManifest(repository, digest)) ? [] : [digest])),
  );
  return new StepFailure({
    code: "DIGEST_GONE",
    reason: `the registry has no manifest ${found.flat().join(", ")}, although it was pushed before`,
    meaning:
      "Someone, or the registry's clean-up, deleted it; the builder's record in the state still says that it exists.",
    fix: "Build and push it again: `npm run release -- --stack STACK --replace 'URN'`, with the URN of the image (`npm run pulumi -- stack --show-urns --stack STACK`).",
  });
}
