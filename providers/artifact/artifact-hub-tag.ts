import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { hasBlob, putBlob } from "../../clients/registry/blob-upload.ts";
import { getManifest, putManifest } from "../../clients/registry/registry.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { hubMediaTypes, hubTag, readHubManifest, writeHubManifest } from "../../formats/chart/hub/artifact-hub.ts";
import type { Provider } from "../host/provider.ts";

const Inputs = z.object({
  /** Of the chart, with its registry, without a tag. */
  repository: z.string(),
  /** artifacthub-repo.yml, relative to the folder of Pulumi.yaml. */
  path: z.string(),
  /** Of the file, hex: other bytes are not pushed. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "is not a sha256 in hex" }),
});

/** Inputs of an ArtifactHubTag: repository, and the file with its sha256. */
export type ArtifactHubTagInputs = z.output<typeof Inputs>;

/** Outputs of an ArtifactHubTag. */
export interface ArtifactHubTagOutputs {
  /** `repository:artifacthub.io`. */
  reference: string;
}

/**
 * The tag that tells Artifact Hub whose a repository is. It belongs to no version: it moves when the file changes, and nothing signs it. A tag
 * that names anything but metadata of Artifact Hub is an error.
 */
export const artifactHubTagProvider: Provider<ArtifactHubTagInputs, ArtifactHubTagOutputs> = {
  phrase: ({ repository }) => `writing the metadata of ${repository} for Artifact Hub`,
  inputs: Inputs,
  identity: ["repository"],
  immaterial: ["path"],
  id: ({ repository }) => `${repository}:${hubTag}`,

  async read(inputs) {
    const found = await findFile(inputs.repository);
    return found && { inputs: { ...inputs, sha256: found.sha256 }, outputs: makeOutputs(inputs) };
  },

  async reconcile(inputs, progress) {
    const { repository, sha256 } = inputs;
    const before = await findFile(repository);
    if (before?.sha256 === sha256) {
      return makeOutputs(inputs);
    }
    const file = await readPlannedFile(inputs);
    await Promise.all([
      pushBlob(repository, Buffer.alloc(0), hubMediaTypes.config),
      pushBlob(repository, file, hubMediaTypes.layer),
    ]);
    const bytes = Buffer.from(writeHubManifest({ digest: computeDigest(file), size: file.length }));
    await putManifest(repository, hubTag, { mediaType: hubMediaTypes.manifest, bytes }, before?.etag);
    const after = await findFile(repository);
    if (after?.sha256 !== sha256) {
      throw makeOvertakenError(inputs, after?.sha256);
    }
    progress.done(`${repository}:${hubTag} has ${inputs.path}`);
    return makeOutputs(inputs);
  },
};

/**
 * The file under the tag; undefined if there is no such tag.
 * @throws StepFailure TAG_CONFLICT if the tag names something else
 */
async function findFile(repository: string): Promise<{ sha256: string; etag: string | undefined } | undefined> {
  const manifest = await getManifest(repository, hubTag);
  if (manifest === undefined) {
    return undefined;
  }
  const digest = readHubManifest(manifest.bytes);
  if (digest === undefined) {
    throw new StepFailure({
      code: "TAG_CONFLICT",
      reason: `${repository}:${hubTag} names ${manifest.digest}, which is not metadata of Artifact Hub`,
      meaning: "Something else uses the tag. It was not overwritten. The Release does not depend on it.",
      fix: "Find out who pushed it, and have the package's owner delete it; or remove `artifactHub` from the configuration.",
    });
  }
  return { sha256: digest.replace("sha256:", ""), etag: manifest.etag };
}

async function readPlannedFile({ path, sha256 }: ArtifactHubTagInputs): Promise<Buffer> {
  const fix = "Make sure that nothing writes the file during a run, then run it again.";
  const meaning = "The file changed while the release ran. The metadata at Artifact Hub stays as it was.";
  const refuse = (reason: string): never => {
    throw new StepFailure({ code: "ASSET_CONFLICT", reason, meaning, fix });
  };
  const found = await stat(path).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? undefined : Promise.reject(error),
  );
  if (found === undefined) {
    return refuse(`${path} is gone`);
  }
  const bytes = await readFile(path);
  const now = computeDigest(bytes).slice("sha256:".length);
  return now === sha256 ? bytes : refuse(`${path} had the sha256 ${sha256} when the release began; it has ${now} now`);
}

async function pushBlob(repository: string, bytes: Buffer, type: string): Promise<void> {
  if (!(await hasBlob(repository, computeDigest(bytes)))) {
    await putBlob(repository, bytes, type);
  }
}

function makeOutputs({ repository }: ArtifactHubTagInputs): ArtifactHubTagOutputs {
  return { reference: `${repository}:${hubTag}` };
}

function makeOvertakenError({ repository, sha256 }: ArtifactHubTagInputs, now: string | undefined): StepFailure {
  return new StepFailure({
    code: "TAG_CONFLICT",
    reason: `${repository}:${hubTag} was written with ${sha256}, and has ${now ?? "no content"} now`,
    meaning: "Another run wrote other metadata at the same time. The Release does not depend on it.",
    fix: "Use one file on all branches that release the chart, then run it again.",
  });
}
