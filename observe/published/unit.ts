import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { repositoryOf, shareTagCommit } from "../../clients/github/git-refs.ts";
import { explainError, runStep } from "../../errors/explain-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { readArtifact } from "./artifact.ts";
import type { PublishedArtifact } from "./artifact.ts";
import { findProofs } from "./proofs.ts";
import type { BuildProof, Proofs } from "./proofs.ts";
import { observeReleases } from "./release.ts";
import type { PublishedRelease } from "./release.ts";

/** A repository that this login may not read, with the registry's refusal: its status, words and request. */
export interface UnreadableRepository extends Pick<ServerRefusal, "status" | "words" | "request"> {
  repository: string;
}

/** Everything published under one unit's version, read before anything is done. */
export interface PublishedUnit {
  /** By artifact name; undefined if the version tag does not exist. */
  artifacts: Record<string, PublishedArtifact | undefined>;
  /** Commit of the git tag; undefined if the tag does not exist. */
  gitTagCommit: string | undefined;
  release: PublishedRelease | undefined;
  drafts: PublishedRelease[];
  /** By digest: artifacts in the record of the published Release that are still in the registry, but without their version tag. */
  untagged: Record<string, PublishedArtifact>;
  /**
   * Repositories that this login may not read; left out if it may read all. Their content is unknown: they count as empty, and nothing
   * may be written there until that is resolved.
   */
  unreadable?: UnreadableRepository[];
  /** By digest, for a signed unit: the proofs of every digest under a version tag or in the record. */
  proofs: Record<string, Proofs>;
}

/** An artifact to search for. */
export interface AskedArtifact {
  name: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  /** The version tag. */
  tag: string;
  /**
   * What provenance must say about its build: attachments are checked until one says so and verifies. If the commit is left out, it is the one
   * that the artifact's own label names. Default: all are checked.
   */
  provenance?: Partial<BuildProof>;
  /** Digest of the package that it should have: if a published chart has another, its files are read. Default: none is read. */
  packed?: string;
}

/** What to look for. */
export interface UnitQuestion {
  /** `owner/name`. */
  repository: string;
  /** The git tag. */
  tag: string;
  artifacts: readonly AskedArtifact[];
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
  sigstore: SigstoreFiles;
}

/**
 * Reads everything of a unit's version from registry and GitHub. Reads only. "Not there" is a result; every other failure is an error.
 * @throws ReleaseError
 */
export async function observeUnit({
  repository,
  tag,
  artifacts,
  signing,
  sigstore,
}: UnitQuestion): Promise<PublishedUnit> {
  const at = repositoryOf(repository);
  const [found, commit, releases] = await Promise.all([
    Promise.all(
      artifacts.map(async (artifact) => {
        const step = `checking whether ${artifact.ociRepository}:${artifact.tag} exists`;
        return runStep(step, () =>
          readArtifact(artifact.ociRepository, artifact.tag, artifact.packed).then(
            (there) => ({ ...artifact, there, denial: undefined }),
            (error: unknown) => ({ ...artifact, there: undefined, denial: requireDenial(error) }),
          ),
        );
      }),
    ),
    runStep(`checking whether the git tag ${tag} of ${repository} exists`, () => shareTagCommit(at, tag)),
    runStep(`searching for Releases of ${tag} in ${repository}`, () =>
      observeReleases({ repository: at, signing, sigstore }, tag),
    ),
  ]);
  const published = Object.fromEntries(found.map(({ name, there }) => [name, there]));
  const unreadable = found.flatMap(({ ociRepository: image, denial }) => {
    // The artifacts of a public Release must be checked: then nothing may count as empty.
    if (denial && releases.release) {
      throw explainError(denial, `reading ${image}`);
    }
    if (denial === undefined) {
      return [];
    }
    const { status, words, request } = denial;
    return [{ repository: image, status, words, request }];
  });
  const readable = artifacts.filter(({ ociRepository: image }) => !unreadable.some((one) => one.repository === image));
  const untagged = await Promise.all(
    readable.map(async ({ name, ociRepository: image, packed }) => {
      const digest = releases.release?.record?.artifacts[name]?.digest;
      if (digest === undefined || published[name] !== undefined) {
        return [];
      }
      const there = await runStep(`searching for ${image}@${digest}`, () => readArtifact(image, digest, packed));
      return there === undefined ? [] : [[digest, there] as const];
    }),
  );
  const lost = Object.fromEntries(untagged.flat());
  const known = readable.flatMap(({ name, ociRepository: image, provenance }) => {
    const digests = new Set([published[name]?.digest, releases.release?.record?.artifacts[name]?.digest]);
    return [...digests]
      .filter((digest) => digest !== undefined)
      .map((digest) => {
        const there = published[name]?.digest === digest ? published[name] : lost[digest];
        return { image, digest, wanted: provenance && wantedProof(provenance, there) };
      });
  });
  const proofs =
    signing === "off"
      ? []
      : await Promise.all(
          known.map(async ({ image, digest, wanted }) => {
            const question = { repository, identity: signing, sigstore, wanted };
            const step = `verifying the attachments of ${image}@${digest}`;
            return [digest, await runStep(step, () => findProofs(image, digest, question))] as const;
          }),
        );
  return {
    artifacts: published,
    gitTagCommit: commit,
    ...releases,
    untagged: lost,
    proofs: Object.fromEntries(proofs),
    ...(unreadable.length > 0 ? { unreadable } : {}),
  };
}

/** @returns undefined if neither the question nor the artifact names a commit */
function wantedProof(
  { revision, buildInputs }: Partial<BuildProof>,
  there: PublishedArtifact | undefined,
): BuildProof | undefined {
  const commit = revision ?? there?.annotations[labelKeys.revision];
  return commit === undefined || buildInputs === undefined ? undefined : { revision: commit, buildInputs };
}

/** GHCR gives the same answer for a package that the login may not read and for one that does not exist. */
function requireDenial(error: unknown): ServerRefusal {
  if (error instanceof ServerRefusal && error.denied) {
    return error;
  }
  throw error;
}
