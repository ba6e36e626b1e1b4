import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { getManifest, putManifest, shareManifest } from "../../clients/registry/registry.ts";
import type { Manifest } from "../../clients/registry/registry.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import type { Provider } from "../host/provider.ts";
import { DigestInput } from "../host/unknown-input.ts";

/**
 * How long after the write the tag is read back, in milliseconds. OCI has no compare-and-set: of two writers who both found no tag, the
 * last wins. If they read back at once, both may believe that they won; after 50 ms, none of 120 rounds fooled both (docs/limits.md).
 */
const settling = 100;

const Inputs = z.object({
  /** With its registry, without a tag. */
  repository: z.string(),
  tag: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, { error: "is not an OCI tag" }),
  digest: DigestInput,
});

/** Inputs of an OciTag: repository, tag, and the digest that it must name. */
export type OciTagInputs = z.output<typeof Inputs>;

/** Outputs of an OciTag. */
export interface OciTagOutputs {
  /** `repository:tag`. */
  reference: string;
}

/**
 * A version tag: written once, never moved. A tag that names another digest is an error, whoever made it. Its digest is computed from the
 * bytes, because the answer to a HEAD is only the registry's word. Directly before the write, the tag is read once more.
 */
export const ociTagProvider: Provider<OciTagInputs, OciTagOutputs> = {
  phrase: ({ repository, tag }) => `tagging ${repository} as ${tag}`,
  inputs: Inputs,
  identity: ["repository", "tag"],
  id: ({ repository, tag }) => `${repository}:${tag}`,

  async read(inputs) {
    const found = await shareManifest(inputs.repository, inputs.tag);
    return found && { inputs: { ...inputs, digest: found.digest }, outputs: makeOutputs(inputs) };
  },

  async reconcile(inputs, progress) {
    const { repository, tag, digest } = inputs;
    const [before, manifest] = await Promise.all([getManifest(repository, tag), getManifest(repository, digest)]);
    if (isThere(before, inputs)) {
      return makeOutputs(inputs);
    }
    if (manifest === undefined) {
      throw makeGoneError(inputs);
    }
    // The manifest may have taken many tries, and a twin may have written the tag meanwhile. This answer is the last one before the write.
    if (isThere(await getManifest(repository, tag, { access: "pull,push" }), inputs)) {
      return makeOutputs(inputs);
    }
    await putManifest(repository, tag, manifest);
    await delay(settling);
    if (!isThere(await getManifest(repository, tag), inputs)) {
      throw makeConflictError(inputs, "nothing");
    }
    progress.done(`${repository}:${tag} → ${digest}`);
    return makeOutputs(inputs);
  },
};

/**
 * Whether the tag names the digest.
 * @param found what the tag names; undefined if there is no such tag
 * @throws StepFailure TAG_CONFLICT if it names another digest
 */
function isThere(found: Manifest | undefined, inputs: OciTagInputs): boolean {
  if (found !== undefined && found.digest !== inputs.digest) {
    throw makeConflictError(inputs, found.digest);
  }
  return found !== undefined;
}

function makeOutputs({ repository, tag }: OciTagInputs): OciTagOutputs {
  return { reference: `${repository}:${tag}` };
}

function makeConflictError({ repository, tag, digest }: OciTagInputs, found: string): StepFailure {
  return new StepFailure({
    code: "TAG_CONFLICT",
    reason: `${repository}:${tag} names ${found}\nthis release has   ${digest}`,
    meaning:
      "Something else created the tag, or moved it later. A version tag never moves, so nothing was overwritten.",
    fix: "Release the next version. If the tag in the registry is wrong, have the package's owner delete it and find out who pushes it.",
    rerun: "yes, but it will fail here until the tag is removed",
  });
}

function makeGoneError({ digest }: OciTagInputs): StepFailure {
  return new StepFailure({
    code: "DIGEST_GONE",
    reason: `the registry has no manifest ${digest}, although it was pushed before`,
    meaning: "Someone, or the registry's clean-up, deleted it between the push and this step.",
    fix: "Push it again: `npm run release -- --stack STACK --replace 'URN'`, with the URN of the index (`npm run pulumi -- stack --show-urns --stack STACK`).",
  });
}
