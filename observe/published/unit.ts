import { mostBytes } from "../../clients/bounded-body.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyBlob } from "../../clients/sigstore/verification.ts";
import { findGitTag, repositoryOf } from "../../clients/github/git-refs.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { allowMissing } from "../../clients/github/github.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import { listAssets, findReleasesOfTag } from "../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { explainError, runStep } from "../../errors/explain-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { bundleName } from "../../formats/release/file-signature.ts";
import { readOwner } from "../../formats/release/release-mark.ts";
import { readRecord, recordName } from "../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import { sameRepository } from "../../formats/signing/signing-policy.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { readArtifact } from "./artifact.ts";
import type { PublishedArtifact } from "./artifact.ts";
import { findProofs } from "./proofs.ts";
import type { BuildProof, Proofs } from "./proofs.ts";

/** A Release or a draft under the unit's tag. */
export interface PublishedRelease {
  /** The owner in its mark (`app@1.2.3`); undefined if it is a person's. */
  owner: string | undefined;
  title: string;
  url: string;
  author: string;
  /** Its record; undefined if it has none that can be read. */
  record: ReleaseRecord | undefined;
  /** Whether the record is signed by the unit's identity, in a run at the commit that it names. */
  signed: boolean;
  /** Names of its assets if it is immutable: there will never be others. Otherwise left out. */
  frozen?: string[];
}

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
  /** What provenance must say about its build. Attachments are checked until one says so and verifies. Default: all are checked. */
  provenance?: BuildProof;
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
          readArtifact(artifact.ociRepository, artifact.tag).then(
            (there) => ({ ...artifact, there, denial: undefined }),
            (error: unknown) => ({ ...artifact, there: undefined, denial: requireDenial(error) }),
          ),
        );
      }),
    ),
    runStep(`checking whether the git tag ${tag} of ${repository} exists`, () => findGitTag(at, tag)),
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
    readable.map(async ({ name, ociRepository: image }) => {
      const digest = releases.release?.record?.artifacts[name]?.digest;
      if (digest === undefined || published[name] !== undefined) {
        return [];
      }
      const there = await runStep(`searching for ${image}@${digest}`, () => readArtifact(image, digest));
      return there === undefined ? [] : [[digest, there] as const];
    }),
  );
  const known = readable.flatMap(({ name, ociRepository: image, provenance }) => {
    const digests = [published[name]?.digest, releases.release?.record?.artifacts[name]?.digest];
    return digests.filter((digest) => digest !== undefined).map((digest) => ({ image, digest, provenance }));
  });
  const proofs =
    signing === "off"
      ? []
      : await Promise.all(
          known.map(async ({ image, digest, provenance }) => {
            const question = { repository, identity: signing, sigstore, wanted: provenance };
            const step = `verifying the attachments of ${image}@${digest}`;
            return [digest, await runStep(step, () => findProofs(image, digest, question))] as const;
          }),
        );
  return {
    artifacts: published,
    gitTagCommit: commit?.commit,
    ...releases,
    untagged: Object.fromEntries(untagged.flat()),
    proofs: Object.fromEntries(proofs),
    ...(unreadable.length > 0 ? { unreadable } : {}),
  };
}

/** GHCR gives the same answer for a package that the login may not read and for one that does not exist. */
function requireDenial(error: unknown): ServerRefusal {
  if (error instanceof ServerRefusal && error.denied) {
    return error;
  }
  throw error;
}

/** The unit whose Releases are read, and who must have signed their records. */
interface ReleasesQuestion extends Pick<UnitQuestion, "signing" | "sigstore"> {
  repository: Repository;
}

async function observeReleases(
  question: ReleasesQuestion,
  tag: string,
): Promise<Pick<PublishedUnit, "release" | "drafts">> {
  const { published, drafts } = await findReleasesOfTag(question.repository, tag);
  // A draft may be gone by now: a twin that has published removes those that are left over.
  const found = await Promise.all(drafts.map((draft) => allowMissing(toPublishedRelease(question, draft))));
  return {
    release: published && (await toPublishedRelease(question, published)),
    drafts: found.filter((draft) => draft !== undefined),
  };
}

async function toPublishedRelease(question: ReleasesQuestion, release: Release): Promise<PublishedRelease> {
  const { repository } = question;
  const assets = await listAssets(repository, release.id);
  const record = assets.find(
    ({ name, state, size }) => name === recordName && state === "uploaded" && size <= mostBytes.record,
  );
  // A twin may have replaced it since.
  const text = record && (await allowMissing(readAssetText(repository, record)));
  const read = text === undefined ? undefined : readRecord(text);
  return {
    owner: readOwner(release.body ?? ""),
    title: release.name ?? release.tag_name,
    url: release.html_url,
    author: release.author.login,
    record: read,
    signed:
      text !== undefined && read !== undefined && !release.draft && (await isSigned(question, assets, text, read)),
    ...(release.immutable === true ? { frozen: assets.map(({ name }) => name) } : {}),
  };
}

/** Whether a record is signed by the expected identity, and names the commit that the signing run was at. */
async function isSigned(
  { repository, signing, sigstore }: ReleasesQuestion,
  assets: readonly ReleaseAsset[],
  text: string,
  { revision }: ReleaseRecord,
): Promise<boolean> {
  const bundle = assets.find(({ name, state }) => name === bundleName(recordName) && state === "uploaded");
  if (signing === "off" || bundle === undefined || bundle.size > mostBytes.bundle) {
    return false;
  }
  const sha256 = computeDigest(text).slice("sha256:".length);
  const verdict = await verifyBlob(await readAssetText(repository, bundle), sha256, signing, sigstore);
  if (!verdict.verified) {
    return false;
  }
  const { repository: source, commit } = verdict.signer;
  return !sameRepository(source, `${repository.owner}/${repository.repo}`) || commit === revision;
}
