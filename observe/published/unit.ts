import { mostBytes } from "../../clients/bounded-body.ts";
import { bundlesOf } from "../../clients/referrers.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import { verifyBlob, verifyStatement } from "../../clients/verification.ts";
import { gitTag, repositoryOf } from "../../clients/git-refs.ts";
import type { Repository } from "../../clients/git-refs.ts";
import { digestOf, getManifest, headManifest } from "../../clients/registry.ts";
import { assetText } from "../../clients/release-assets.ts";
import { assetsOf, releasesOfTag } from "../../clients/releases.ts";
import type { Release, ReleaseAsset } from "../../clients/releases.ts";
import { explained, explaining } from "../../errors/explained.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { bundleName } from "../../formats/file-signature.ts";
import { ownerOf } from "../../formats/release-mark.ts";
import { readRecord, recordName } from "../../formats/release-record.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import { sameRepository } from "../../formats/signing-policy.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";
import { isBuiltFrom, provenancePredicate, readProvenance } from "../../formats/statement.ts";
import type { Provenance } from "../../formats/statement.ts";

/** An artifact under its version tag. */
export interface PublishedArtifact {
  digest: string;
  /** Annotations of the manifest; labels that anybody could have written. */
  annotations: Record<string, string>;
  /** Manifests of an index by platform (`linux/amd64`); empty for a single manifest. */
  children: { platform: string; digest: string }[];
  /** Digests of the index that the registry does not have any more; left out where all are there. */
  missing?: string[];
}

/** What is attached to a digest, held against the unit's identity. */
export interface Proofs {
  /** What provenance says whose bundle verifies. */
  verified: Omit<Provenance, "source">[];
  /** Why other bundles do not count, in the verifier's words. */
  refused: string[];
}

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
  /** Digests that the record of the published Release names and that are still in the registry under no version tag. */
  untagged: string[];
  /**
   * Repositories that this login may not read; left out where it may read all. Of them it is not known what is there: they count as empty,
   * and nobody may write there before that is settled.
   */
  unreadable?: UnreadableRepository[];
  /** By digest, for a unit that is signed: of every digest under a version tag or named by the record. */
  proofs: Record<string, Proofs>;
}

/** What to look for. */
export interface UnitQuestion {
  /** `owner/name`. */
  repository: string;
  /** The git tag. */
  tag: string;
  artifacts: readonly { name: string; repository: string; tag: string }[];
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
  sigstore: SigstoreInstance;
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
        const step = `looking whether ${artifact.repository}:${artifact.tag} is there`;
        return explaining(step, () =>
          publishedArtifact(artifact).then(
            (there) => ({ ...artifact, there, denial: undefined }),
            (error: unknown) => ({ ...artifact, there: undefined, denial: denialIn(error) }),
          ),
        );
      }),
    ),
    explaining(`looking whether the git tag ${tag} of ${repository} is there`, () => gitTag(at, tag)),
    explaining(`looking for Releases of ${tag} in ${repository}`, () =>
      observedReleases({ repository: at, signing, sigstore }, tag),
    ),
  ]);
  const published = Object.fromEntries(found.map(({ name, there }) => [name, there]));
  const unreadable = found.flatMap(({ repository: image, denial }) => {
    // What a public Release names must be looked at: nothing can be taken for empty then.
    if (denial && releases.release) throw explained(denial, `looking at ${image}`);
    if (denial === undefined) return [];
    const { status, words, request } = denial;
    return [{ repository: image, status, words, request }];
  });
  const readable = artifacts.filter(({ repository: image }) => !unreadable.some((one) => one.repository === image));
  const untagged = await Promise.all(
    readable.map(async ({ name, repository: image }) => {
      const digest = releases.release?.record?.artifacts[name]?.digest;
      if (digest === undefined || published[name] !== undefined) return [];
      return (await explaining(`looking for ${image}@${digest}`, () => headManifest(image, digest))) ? [digest] : [];
    }),
  );
  const known = readable.flatMap(({ name, repository: image }) => {
    const digests = [published[name]?.digest, releases.release?.record?.artifacts[name]?.digest];
    return digests.filter((digest) => digest !== undefined).map((digest) => ({ image, digest }));
  });
  const proofs = await Promise.all(
    (signing === "off" ? [] : known).map(async ({ image, digest }) => {
      const step = `verifying what is attached to ${image}@${digest}`;
      return [
        digest,
        await explaining(step, () => proofsOf(image, digest, signing as SigningIdentity, { repository, sigstore })),
      ] as const;
    }),
  );
  return {
    artifacts: published,
    gitTagCommit: commit?.commit,
    ...releases,
    untagged: untagged.flat(),
    proofs: Object.fromEntries(proofs),
    ...(unreadable.length > 0 ? { unreadable } : {}),
  };
}

/** GHCR answers a login that may not read a package as it answers for one that does not exist. */
function denialIn(error: unknown): ServerRefusal {
  if (error instanceof ServerRefusal && error.denied) return error;
  throw error;
}

async function proofsOf(
  image: string,
  digest: string,
  identity: SigningIdentity,
  { repository, sigstore }: Pick<UnitQuestion, "repository" | "sigstore">,
): Promise<Proofs> {
  const bundles = await bundlesOf(image, digest);
  const verdicts = await Promise.all(bundles.map((bundle) => verifyStatement(bundle, digest, identity, sigstore)));
  const proofs = verdicts.flatMap((verdict) => {
    if (!verdict.verified || verdict.value.predicateType !== provenancePredicate) return [];
    return readProvenance(verdict.value.predicate) ?? [];
  });
  const others = proofs.filter((proof) => !isBuiltFrom(proof, repository));
  return {
    verified: proofs
      .filter((proof) => isBuiltFrom(proof, repository))
      .map(({ revision, buildInputs }) => ({ revision, buildInputs })),
    refused: [
      ...verdicts.flatMap((verdict) => (verdict.verified ? [] : [verdict.reason])),
      ...others.map(({ source }) => `its provenance is of a build from ${source}`),
    ],
  };
}

async function publishedArtifact({
  repository,
  tag,
}: {
  repository: string;
  tag: string;
}): Promise<PublishedArtifact | undefined> {
  const manifest = await getManifest(repository, tag);
  if (manifest === undefined) return undefined;
  const { annotations, manifests = [] } = JSON.parse(manifest.bytes.toString("utf8")) as {
    annotations?: Record<string, string>;
    manifests?: { digest: string; platform?: { os: string; architecture: string; variant?: string } }[];
  };
  const children = manifests.map(({ digest, platform }) => ({
    digest,
    platform: [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join("/"),
  }));
  const heads = await Promise.all(children.map(({ digest }) => headManifest(repository, digest)));
  const missing = children.filter((_, at) => heads[at] === undefined).map(({ digest }) => digest);
  return {
    digest: manifest.digest,
    annotations: annotations ?? {},
    children,
    ...(missing.length > 0 ? { missing } : {}),
  };
}

/** Whose Releases are looked at, and who must have signed their records. */
interface ReleasesQuestion extends Pick<UnitQuestion, "signing" | "sigstore"> {
  repository: Repository;
}

async function observedReleases(
  question: ReleasesQuestion,
  tag: string,
): Promise<Pick<PublishedUnit, "release" | "drafts">> {
  const { published, drafts } = await releasesOfTag(question.repository, tag);
  const told = (release: Release): Promise<PublishedRelease> => publishedRelease(question, release);
  return { release: published && (await told(published)), drafts: await Promise.all(drafts.map(told)) };
}

async function publishedRelease(question: ReleasesQuestion, release: Release): Promise<PublishedRelease> {
  const { repository } = question;
  const assets = await assetsOf(repository, release.id);
  const record = assets.find(
    ({ name, state, size }) => name === recordName && state === "uploaded" && size <= mostBytes.record,
  );
  const text = record && (await assetText(repository, record));
  const read = text === undefined ? undefined : readRecord(text);
  return {
    owner: ownerOf(release.body ?? ""),
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
  if (signing === "off" || bundle === undefined || bundle.size > mostBytes.bundle) return false;
  const sha256 = digestOf(text).slice("sha256:".length);
  const verdict = await verifyBlob(await assetText(repository, bundle), sha256, signing, sigstore);
  if (!verdict.verified) return false;
  const { repository: source, commit } = verdict.signer;
  return !sameRepository(source, `${repository.owner}/${repository.repo}`) || commit === revision;
}
