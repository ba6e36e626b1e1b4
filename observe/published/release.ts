import { mostBytes } from "../../clients/bounded-body.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { allowMissing } from "../../clients/github/github.ts";
import { listContainedAssets, shareReleasesOfTag } from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { shareSignedRecord } from "../../clients/github/release/signed-record.ts";
import type { SigningRun } from "../../clients/github/release/signed-record.ts";
import { bundleName } from "../../formats/release/file-signature.ts";
import { readNotes, readOwner } from "../../formats/release/release-mark.ts";
import { readRecord, recordName } from "../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import { sameRepository } from "../../formats/signing/signing-policy.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";

/** A Release or a draft under the unit's tag. */
export interface PublishedRelease {
  /** The owner in its mark (`app@1.2.3`); undefined if it is a person's. */
  owner: string | undefined;
  title: string;
  url: string;
  author: string;
  /** The notes between our marks, with `\n` as line end; undefined if one of the marks is missing. */
  notes: string | undefined;
  /** Sizes of its files in bytes, by name, without uploads that are not complete. */
  files: Readonly<Record<string, number>>;
  /** Its record; undefined if it has none that can be read. */
  record: ReleaseRecord | undefined;
  /** Whether the record is signed by the unit's identity, in a run at the commit that it names. */
  signed: boolean;
  /**
   * The commit of the run that signed the record, if it is not the one that the record names: then `signed` is false, although the signature
   * is by the unit's identity. Otherwise left out.
   */
  signedAt?: string;
  /** Names of its assets if it is immutable: there will never be others. Otherwise left out. */
  frozen?: string[];
}

/** The unit whose Releases are read, and who must have signed their records. */
export interface ReleasesQuestion {
  repository: Repository;
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
  sigstore: SigstoreFiles;
}

/**
 * Reads the published Release of a git tag, and its drafts.
 * @throws ServerRefusal
 */
export async function observeReleases(
  question: ReleasesQuestion,
  tag: string,
): Promise<{ release: PublishedRelease | undefined; drafts: PublishedRelease[] }> {
  const { published, drafts } = await shareReleasesOfTag(question.repository, tag);
  // A draft may be gone by now: a twin that has published removes those that are left over.
  const found = await Promise.all(drafts.map((draft) => allowMissing(toPublishedRelease(question, draft))));
  return {
    release: published && (await toPublishedRelease(question, published)),
    drafts: found.filter((draft) => draft !== undefined),
  };
}

async function toPublishedRelease(question: ReleasesQuestion, release: Release): Promise<PublishedRelease> {
  const { repository, signing, sigstore } = question;
  const assets = await listContainedAssets(repository, release);
  const uploaded = assets.filter(({ state }) => state === "uploaded");
  const record = uploaded.find(({ name, size }) => name === recordName && size <= mostBytes.record);
  // A draft is not signed by anyone who answers for it.
  const bundle = release.draft ? undefined : uploaded.find(({ name }) => name === bundleName(recordName));
  const found = record && (await shareSignedRecord({ repository, record, bundle, signing, sigstore }));
  const read = found && readRecord(found.text);
  return {
    owner: readOwner(release.body ?? ""),
    title: release.name ?? release.tag_name,
    url: release.html_url,
    author: release.author.login,
    notes: readNotes(release.body ?? ""),
    files: Object.fromEntries(uploaded.map(({ name, size }) => [name, size])),
    record: read,
    ...(read === undefined ? { signed: false } : judgeSigner(repository, found?.signer, read)),
    ...(release.immutable === true ? { frozen: assets.map(({ name }) => name) } : {}),
  };
}

/** Whether a record is signed by the expected identity, and at which commit, if it names another than the signing run was at. */
function judgeSigner(
  { owner, repo }: Repository,
  signer: SigningRun | undefined,
  { revision }: ReleaseRecord,
): Pick<PublishedRelease, "signed" | "signedAt"> {
  if (signer === undefined) {
    return { signed: false };
  }
  const isOurs = sameRepository(signer.repository, `${owner}/${repo}`);
  return isOurs && signer.commit !== revision ? { signed: false, signedAt: signer.commit } : { signed: true };
}
