import { mostBytes } from "../../clients/bounded-body.ts";
import { bundlesOf } from "../../clients/referrers.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import { verifyStatement } from "../../clients/verification.ts";
import { gitTag, repositoryOf } from "../../clients/git-refs.ts";
import type { Repository } from "../../clients/git-refs.ts";
import { getManifest, headManifest } from "../../clients/registry.ts";
import { assetText } from "../../clients/release-assets.ts";
import { assetsOf, releasesOfTag } from "../../clients/releases.ts";
import type { Release } from "../../clients/releases.ts";
import { explained, explaining } from "../../errors/explained.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { ownerOf } from "../../formats/release-mark.ts";
import { readRecord, recordName } from "../../formats/release-record.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";
import { provenancePredicate, readProvenance } from "../../formats/statement.ts";
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
  verified: Provenance[];
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
    explaining(`looking for Releases of ${tag} in ${repository}`, () => observedReleases(at, tag)),
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
        await explaining(step, () => proofsOf(image, digest, signing as SigningIdentity, sigstore)),
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
  sigstore: SigstoreInstance,
): Promise<Proofs> {
  const bundles = await bundlesOf(image, digest);
  const verdicts = await Promise.all(bundles.map((bundle) => verifyStatement(bundle, digest, identity, sigstore)));
  return {
    verified: verdicts.flatMap((verdict) => {
      if (!verdict.verified || verdict.value.predicateType !== provenancePredicate) return [];
      return readProvenance(verdict.value.predicate) ?? [];
    }),
    refused: verdicts.flatMap((verdict) => (verdict.verified ? [] : [verdict.reason])),
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

async function observedReleases(
  repository: Repository,
  tag: string,
): Promise<Pick<PublishedUnit, "release" | "drafts">> {
  const { published, drafts } = await releasesOfTag(repository, tag);
  const told = (release: Release): Promise<PublishedRelease> => publishedRelease(repository, release);
  return { release: published && (await told(published)), drafts: await Promise.all(drafts.map(told)) };
}

async function publishedRelease(repository: Repository, release: Release): Promise<PublishedRelease> {
  const assets = await assetsOf(repository, release.id);
  const record = assets.find(
    ({ name, state, size }) => name === recordName && state === "uploaded" && size <= mostBytes.record,
  );
  return {
    owner: ownerOf(release.body ?? ""),
    title: release.name ?? release.tag_name,
    url: release.html_url,
    author: release.author.login,
    record: record && readRecord(await assetText(repository, record)),
    ...(release.immutable === true ? { frozen: assets.map(({ name }) => name) } : {}),
  };
}
