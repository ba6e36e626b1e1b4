import { mostBytes } from "../../clients/bounded-body.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyBlob } from "../../clients/sigstore/verification.ts";
import { findGitTag, repositoryOf } from "../../clients/github/git-refs.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { computeDigest } from "../../clients/registry/registry.ts";
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
import { publishedArtifact } from "./artifact.ts";
import type { PublishedArtifact } from "./artifact.ts";
import { proofsOf } from "./proofs.ts";
import type { BuildProof, Proofs } from "./proofs.ts";

/** A Release or a draft under the unit's tag. */
export interface PublishedRelease {
  /** Whose it says it is (`app@1.2.3`); undefined: a person's. */
  owner: string | undefined;
  title: string;
  url: string;
  author: string;
  /** What it says it is made of; undefined where it has no readable record. */
  record: ReleaseRecord | undefined;
  /** Whether the record is signed by the unit's identity, in a run at the commit that it names. */
  signed: boolean;
  /** Names of its assets, where it is immutable: there will never be others. Left out where it is not. */
  frozen?: string[];
}

/** A repository that this login may not read, with the registry's refusal: its status, words and request. */
export interface UnreadableRepository extends Pick<ServerRefusal, "status" | "words" | "request"> {
  repository: string;
}

/** What stands in the world under one unit's version, seen before anything is done. */
export interface PublishedUnit {
  /** By artifact name; undefined where the version tag is not there. */
  artifacts: Record<string, PublishedArtifact | undefined>;
  /** Commit of the git tag; undefined where the tag is not there. */
  gitTagCommit: string | undefined;
  release: PublishedRelease | undefined;
  drafts: PublishedRelease[];
  /** By digest: artifacts that the record of the published Release names and that are still in the registry, without their version tag. */
  untagged: Record<string, PublishedArtifact>;
  /**
   * Repositories that this login may not read; left out where it may read all. Of them it is not known what is there: they count as empty,
   * and nobody may write there before that is settled.
   */
  unreadable?: UnreadableRepository[];
  /** By digest, for a unit that is signed: of every digest under a version tag or named by the record. */
  proofs: Record<string, Proofs>;
}

/** An artifact that is looked for. */
export interface AskedArtifact {
  name: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  /** The version tag. */
  tag: string;
  /** What provenance has to say of its build: what is attached is looked at until one verifies that says so. Default: all of it is. */
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
 * Looks at registry and GitHub for everything of a unit's version. Reads only; "not there" is a result, every other failure an error.
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
        const step = `looking whether ${artifact.ociRepository}:${artifact.tag} is there`;
        return runStep(step, () =>
          publishedArtifact(artifact.ociRepository, artifact.tag).then(
            (there) => ({ ...artifact, there, denial: undefined }),
            (error: unknown) => ({ ...artifact, there: undefined, denial: denialIn(error) }),
          ),
        );
      }),
    ),
    runStep(`looking whether the git tag ${tag} of ${repository} is there`, () => findGitTag(at, tag)),
    runStep(`looking for Releases of ${tag} in ${repository}`, () =>
      observedReleases({ repository: at, signing, sigstore }, tag),
    ),
  ]);
  const published = Object.fromEntries(found.map(({ name, there }) => [name, there]));
  const unreadable = found.flatMap(({ ociRepository: image, denial }) => {
    // What a public Release names must be looked at: nothing can be taken for empty then.
    if (denial && releases.release) {
      throw explainError(denial, `looking at ${image}`);
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
      const there = await runStep(`looking for ${image}@${digest}`, () => publishedArtifact(image, digest));
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
            const step = `verifying what is attached to ${image}@${digest}`;
            return [digest, await runStep(step, () => proofsOf(image, digest, question))] as const;
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

/** GHCR answers a login that may not read a package as it answers for one that does not exist. */
function denialIn(error: unknown): ServerRefusal {
  if (error instanceof ServerRefusal && error.denied) {
    return error;
  }
  throw error;
}

/** Whose Releases are looked at, and who must have signed their records. */
interface ReleasesQuestion extends Pick<UnitQuestion, "signing" | "sigstore"> {
  repository: Repository;
}

async function observedReleases(
  question: ReleasesQuestion,
  tag: string,
): Promise<Pick<PublishedUnit, "release" | "drafts">> {
  const { published, drafts } = await findReleasesOfTag(question.repository, tag);
  const told = (release: Release): Promise<PublishedRelease> => publishedRelease(question, release);
  return { release: published && (await told(published)), drafts: await Promise.all(drafts.map(told)) };
}

async function publishedRelease(question: ReleasesQuestion, release: Release): Promise<PublishedRelease> {
  const { repository } = question;
  const assets = await listAssets(repository, release.id);
  const record = assets.find(
    ({ name, state, size }) => name === recordName && state === "uploaded" && size <= mostBytes.record,
  );
  const text = record && (await readAssetText(repository, record));
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
